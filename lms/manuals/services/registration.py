"""Verbs by which a manufacturer asks to be let in."""

import re
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from lms.manuals.choices import OrganisationState
from lms.manuals.models import Membership, Organisation
from lms.manuals.pictures import PictureRefused, clean_picture

#: A mobile telephone, one with its area's number and perhaps an extension, or 400 and 800.
TELEPHONE: Final = re.compile(r"1\d{10}|(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,5})?|[48]00-?\d{3}-?\d{4}")


class ApplicationRefused(Exception):
    """What cannot be applied for so; the text says what to do, `field` which box it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Particulars:
    """What an application tells of an organisation, as it was typed."""

    name: str
    code: str
    contact: str
    telephone: str
    email: str


@transaction.atomic
def apply_for_organisation(
    *,
    particulars: Particulars,
    licence: BinaryIO,
    authorisation: BinaryIO,
    username: str,
    password: str,
) -> Organisation:
    """An organisation that waits for staff, with an account that sees how far it is.

    The account has no e-mail, so that nothing is ever mailed to an address that nobody has checked.
    Raises ApplicationRefused.
    """
    organisation = Organisation(state=OrganisationState.APPLIED, applied_at=timezone.now())
    _fill(organisation, particulars)
    _keep_paper(organisation, "licence", licence)
    _keep_paper(organisation, "authorisation", authorisation)
    user = _make_account(username, password, contact=organisation.contact)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:  # of two who sent it in the same moment
        raise _taken() from error
    Membership.objects.create(organisation=organisation, user=user)
    return organisation


@transaction.atomic
def apply_again(
    organisation: Organisation,
    *,
    particulars: Particulars,
    licence: BinaryIO | None = None,
    authorisation: BinaryIO | None = None,
) -> Organisation:
    """After a return, with what was mended. None: the paper that is there stays.

    Raises ApplicationRefused.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.state != OrganisationState.RETURNED:
        raise ApplicationRefused("", _("申请现在不用改。请刷新页面看看。"))
    _fill(organisation, particulars)
    if licence is not None:
        _keep_paper(organisation, "licence", licence)
    if authorisation is not None:
        _keep_paper(organisation, "authorisation", authorisation)
    organisation.state, organisation.applied_at = OrganisationState.APPLIED, timezone.now()
    organisation.save()
    return organisation


def clean_code(typed: str) -> str:
    """A 统一社会信用代码 without blanks, in capitals. Raises ApplicationRefused."""
    try:
        code: str = uscc.validate(typed.upper())
    except InvalidChecksum as error:
        raise ApplicationRefused(
            "code", _("这个代码有一位打错了。请对着营业执照，一位一位再看一遍。")
        ) from error
    except InvalidNumber as error:
        raise ApplicationRefused(
            "code",
            _("统一社会信用代码是18位数字和大写字母，没有字母I、O、S、V、Z。请照着营业执照写。"),
        ) from error
    return code


def _fill(organisation: Organisation, particulars: Particulars) -> None:
    organisation.code = clean_code(particulars.code)
    if Organisation.objects.exclude(pk=organisation.pk).filter(code=organisation.code).exists():
        raise _taken()
    organisation.name = " ".join(particulars.name.split())
    organisation.contact = " ".join(particulars.contact.split())
    organisation.telephone = particulars.telephone.replace(" ", "")
    organisation.email = particulars.email.strip()
    if not TELEPHONE.fullmatch(organisation.telephone):
        raise ApplicationRefused(
            "telephone", _("这个电话号码不对。手机是11位；座机请写上区号，比如020-12345678。")
        )
    try:
        organisation.clean_fields(exclude=("licence", "authorisation", "code", "applied_at"))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise ApplicationRefused(field, messages[0]) from error


def _taken() -> ApplicationRefused:
    """Whoever asks may not be of that organisation, so it is not said who is."""
    return ApplicationRefused(
        "code",
        _("这个代码已经登记过了。可能是您的同事办的；不是的话，请打我们的电话。"),
    )


def _keep_paper(organisation: Organisation, name: str, file: BinaryIO) -> None:
    """As a picture of our own drawing. Raises ApplicationRefused."""
    try:
        picture = clean_picture(file)
    except PictureRefused as reason:
        raise ApplicationRefused(name, str(reason)) from reason
    content = ContentFile(picture.content, name=f"{name}{picture.suffix}")
    setattr(organisation, name, content)


def _make_account(username: str, password: str, *, contact: str) -> Any:
    model = get_user_model()
    user = model(username=model.normalize_username(username.strip()), last_name=contact)
    try:
        user.full_clean(exclude=("password",), validate_unique=False)
    except ValidationError as error:
        raise ApplicationRefused(
            "username", _("登录名用字母、数字，也可以用中文，中间不要空格。")
        ) from error
    if model.objects.filter(username__iexact=user.username).exists():
        raise ApplicationRefused("username", _("这个登录名有人用了，请换一个。"))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ApplicationRefused("password", error.messages[0]) from error
    user.set_password(password)
    user.save()
    return user
