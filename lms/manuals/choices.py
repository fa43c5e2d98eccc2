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


class MemberRole(models.TextChoices):
    """What a person does in an organisation."""

    OWNER = "owner", _("负责人：还能请人、请出人")
    EDITOR = "editor", _("编写：写说明书、交审核")


class DecisionName(models.TextChoices):
    """What staff decide about an organisation."""

    APPROVE = "approve", _("通过")
    RETURN = "return", _("退回修改")
    SUSPEND = "suspend", _("暂停")
    REACTIVATE = "reactivate", _("恢复")
    CLOSE = "close", _("退出")


#: For each decision the states in which it can be taken, and the state that it leads to.
DECISION_STEPS: Final[
    dict[DecisionName, tuple[tuple[OrganisationState, ...], OrganisationState]]
] = {
    DecisionName.APPROVE: ((OrganisationState.APPLIED,), OrganisationState.ACTIVE),
    DecisionName.RETURN: ((OrganisationState.APPLIED,), OrganisationState.RETURNED),
    DecisionName.SUSPEND: ((OrganisationState.ACTIVE,), OrganisationState.SUSPENDED),
    DecisionName.REACTIVATE: (
        (OrganisationState.SUSPENDED,),
        OrganisationState.ACTIVE,
    ),
    DecisionName.CLOSE: (
        (OrganisationState.ACTIVE, OrganisationState.SUSPENDED),
        OrganisationState.CLOSED,
    ),
}

#: A decision that leads to one of these says why, so that the manufacturer can act on it.
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


#: Products that can hurt: their manuals begin with warnings, and are reviewed for safety too.
NEEDS_SAFETY_REVIEW: Final = (ProductKind.MEDICAL, ProductKind.HEATING, ProductKind.ELECTRICAL)


#: Products whose manuals two different people approve, one question each.
NEEDS_TWO_REVIEWERS: Final = (ProductKind.MEDICAL,)


class VersionState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("正在审核")
    RETURNED = "returned", _("退回修改")
    PLANNED = "planned", _("等着发布")
    PUBLISHED = "published", _("已发布")
    PAST = "past", _("旧版")
    WITHDRAWN = "withdrawn", _("已撤回")


#: A manual has at most one of these.
OPEN_STATES: Final = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.PLANNED)
#: Versions that elders have seen.
ONCE_LIVE: Final = (VersionState.PUBLISHED, VersionState.PAST)


class OriginalState(models.TextChoices):
    """How far the reading of a maker's own file is."""

    WAITING = "waiting", _("等着读")
    READING = "reading", _("正在读")
    READ = "read", _("读好了")
    REFUSED = "refused", _("没有读成")
    DRAFTED = "drafted", _("写成草稿了")


class ReviewStage(models.TextChoices):
    """What a reviewer reads for."""

    PLAIN = "plain", _("是否好懂")
    SAFETY = "safety", _("是否安全")


#: What Wagtail's tasks and workflows are called: kept in the database, and so in one language.
REVIEW_TASK_NAMES: Final = {
    ReviewStage.PLAIN: "说明书：是否好懂",
    ReviewStage.SAFETY: "说明书：是否安全",
}
REVIEW_WORKFLOW_NAMES: Final[dict[tuple[ReviewStage, ...], str]] = {
    (ReviewStage.PLAIN,): "说明书审核",
    (ReviewStage.PLAIN, ReviewStage.SAFETY): "说明书审核（医疗、取暖、电器）",
}


class ReviewOutcome(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")


class WordKind(models.TextChoices):
    """What the readability check does about a word."""

    JARGON = "jargon", _("行话：要换掉，或者加括号说明")
    OFFICIALESE = "official", _("公文话：建议换掉")
    FINE = "fine", _("老人懂：不用管")
