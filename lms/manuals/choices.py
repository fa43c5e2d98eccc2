"""What organisations, products and versions can be."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationState(models.TextChoices):
    APPLIED = "applied", _("等待审核")
    RETURNED = "returned", _("退回修改")
    ACTIVE = "active", _("已开通")
    SUSPENDED = "suspended", _("已暂停")
    CLOSED = "closed", _("已退出")


#: Whose live manuals elders see; a closed organisation's are marked 厂商已退出.
SHOWN_STATES: Final = (OrganisationState.ACTIVE, OrganisationState.CLOSED)

#: From which states each may be reached.
ORGANISATION_STEPS: Final[dict[OrganisationState, tuple[OrganisationState, ...]]] = {
    OrganisationState.APPLIED: (OrganisationState.RETURNED,),
    OrganisationState.RETURNED: (OrganisationState.APPLIED,),
    OrganisationState.ACTIVE: (OrganisationState.APPLIED, OrganisationState.SUSPENDED),
    OrganisationState.SUSPENDED: (OrganisationState.ACTIVE,),
    OrganisationState.CLOSED: (OrganisationState.ACTIVE, OrganisationState.SUSPENDED),
}

#: Decisions that the manufacturer must be able to act on, so that they say why.
NEEDS_A_NOTE: Final = (OrganisationState.RETURNED, OrganisationState.SUSPENDED)


class ProductKind(models.TextChoices):
    MEDICAL = "medical", _("医疗和健康（血压计、血糖仪、助听器）")
    HEATING = "heating", _("取暖（电热毯、取暖器）")
    ELECTRICAL = "electrical", _("家用电器（电磁炉、洗衣机）")
    PHONE = "phone", _("手机和平板")
    TELEVISION = "television", _("电视和机顶盒")
    SPEAKER = "speaker", _("智能音箱")
    WEARABLE = "wearable", _("手环和手表")
    OTHER = "other", _("其他")


#: What can hurt: warnings come first in the manual, and it is read a second time, for safety.
NEEDS_SAFETY_REVIEW: Final = (ProductKind.MEDICAL, ProductKind.HEATING, ProductKind.ELECTRICAL)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("正在审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    PAST = "past", _("旧版")
    WITHDRAWN = "withdrawn", _("已撤回")


#: A manual has at most one of these.
OPEN_STATES: Final = (VersionState.DRAFT, VersionState.SUBMITTED)
#: Whose words elders have seen.
ONCE_LIVE: Final = (VersionState.PUBLISHED, VersionState.PAST)


class Stage(models.TextChoices):
    """What a reviewer reads for."""

    PLAIN = "plain", _("是否好懂")
    SAFETY = "safety", _("是否安全")


class Outcome(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")


class WordKind(models.TextChoices):
    """What the gate of simplicity does about a word."""

    JARGON = "jargon", _("行话：要换掉，或者加括号说明")
    OFFICIALESE = "official", _("公文话：建议换掉")
    FINE = "fine", _("老人懂：不用管")
