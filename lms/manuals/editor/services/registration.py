"""Verbs by which a manufacturer applies for the workbench."""

import re
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber

from lms.accounts.models import User
from lms.manuals.choices import MemberRole, OrganisationState
from lms.manuals.editor.picture_files import PictureRefused, clean_picture
from lms.manuals.models import Membership, Organisation

#: What an application shows: the licence, and the letter that names its applicant.
DOCUMENT_NAMES: Final = ("licence", "authorisation")
#: A mobile number; a landline with area code and perhaps an extension; a 400 or 800 number.
TELEPHONE: Final = re.compile(r"1\d{10}|(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,5})?|[48]00-?\d{3}-?\d{4}")


class ApplicationRefused(Exception):
    """An application that cannot be accepted. The text says what to do; `field` is the form field
    that it is about, empty for the form as a whole."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class ApplicationDetails:
    """The organisation, as the applicant typed it."""

    name: str
    code: str
    contact: str
    telephone: str
    email: str


@transaction.atomic
def apply_for_organisation(
    *,
    details: ApplicationDetails,
    licence: BinaryIO,
    authorisation: BinaryIO,
    username: str,
    password: str,
) -> Organisation:
    """An organisation that waits for a decision, with the applicant's account.

    The account has no e-mail address, so that nothing is mailed to one that nobody has verified.
    Raises ApplicationRefused.
    """
    organisation = Organisation(state=OrganisationState.APPLIED, applied_at=timezone.now())
    _fill(organisation, details)
    _keep_document(organisation, "licence", licence)
    _keep_document(organisation, "authorisation", authorisation)
    user = make_account(username, password, contact=organisation.contact)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:  # somebody else registered it in the same moment
        raise _taken() from error
    Membership.objects.create(organisation=organisation, user=user, role=MemberRole.OWNER)
    return organisation


@transaction.atomic
def apply_again(
    organisation: Organisation,
    *,
    details: ApplicationDetails,
    licence: BinaryIO | None = None,
    authorisation: BinaryIO | None = None,
) -> Organisation:
    """Apply again after a return. None: the document that was sent before stays.

    Raises ApplicationRefused.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.state != OrganisationState.RETURNED:
        raise ApplicationRefused("", _("申请现在不用改。请刷新页面看看。"))
    _fill(organisation, details)
    if licence is not None:
        _keep_document(organisation, "licence", licence)
    if authorisation is not None:
        _keep_document(organisation, "authorisation", authorisation)
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


def _fill(organisation: Organisation, details: ApplicationDetails) -> None:
    organisation.code = clean_code(details.code)
    if Organisation.objects.exclude(pk=organisation.pk).filter(code=organisation.code).exists():
        raise _taken()
    organisation.name = " ".join(details.name.split())
    organisation.contact = " ".join(details.contact.split())
    organisation.telephone = details.telephone.replace(" ", "")
    organisation.email = details.email.strip()
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
    """It does not say who registered: the applicant may not belong to that organisation."""
    return ApplicationRefused(
        "code",
        _("这个代码已经登记过了。可能是您的同事办的；不是的话，请打我们的电话。"),
    )


def _keep_document(organisation: Organisation, name: str, file: BinaryIO) -> None:
    """Encoded anew (see `clean_picture`). Raises ApplicationRefused."""
    try:
        picture = clean_picture(file)
    except PictureRefused as reason:
        raise ApplicationRefused(name, str(reason)) from reason
    content = ContentFile(picture.content, name=f"{name}{picture.suffix}")
    setattr(organisation, name, content)


def make_account(username: str, password: str, *, contact: str) -> User:
    """contact: the person's name. Raises ApplicationRefused."""
    user = User(username=User.normalize_username(username.strip()), last_name=contact)
    try:
        user.full_clean(exclude=("password",), validate_unique=False)
    except ValidationError as error:
        raise ApplicationRefused(
            "username", _("登录名用字母、数字，也可以用中文，中间不要空格。")
        ) from error
    if User.objects.filter(username__iexact=user.username).exists():
        raise ApplicationRefused("username", _("这个登录名有人用了，请换一个。"))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ApplicationRefused("password", error.messages[0]) from error
    user.set_password(password)
    user.save()
    return user
