"""Who: people who sign in. Learners need no account to learn."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.accounts.choices import (
    Language,
    Purpose,
    ReadAloud,
    SpeechSpeed,
    TextSize,
    Theme,
    Version,
)
from lms.accounts.display import Display
from lms.accounts.telephones import KEPT

#: How the name of an account begins that was made by signing in with a telephone.
SELF_MADE = "phone-"


class User(AbstractUser):
    """A person who signs in. Present from the first migration, so that it can grow."""

    #: Confirmed by a code, as `telephones.normalised` gives it; blank: the account has none.
    telephone = models.CharField(_("手机号"), max_length=14, blank=True, editable=False)
    #: Sessions from before it are over; None: never asked for.
    signed_out_everywhere_at = models.DateTimeField(null=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["telephone"],
                condition=~models.Q(telephone=""),
                name="a_telephone_signs_in_to_one_account",
            ),
            models.CheckConstraint(
                condition=models.Q(telephone="") | models.Q(telephone__regex=rf"^{KEPT.pattern}$"),
                name="a_telephone_is_kept_with_its_country_code",
            ),
        ]

    def get_full_name(self) -> str:
        """Family name first and no space between, as Chinese names are written; may be empty."""
        return f"{self.last_name}{self.first_name}".strip()

    def shown_name(self) -> str:
        """What stands for the person on a screen that others see: never a whole number."""
        if self.get_full_name() or not self.telephone:
            return self.get_full_name() or self.get_username()
        return str(_("手机尾号%(digits)s") % {"digits": self.telephone[-4:]})

    def get_session_auth_hash(self) -> str:
        """What a session must match to go on: Django's, and when all were ended last."""
        return self._since_all_ended(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by each of SECRET_KEY_FALLBACKS."""
        for words in super().get_session_auth_fallback_hash():
            yield self._since_all_ended(words)

    def _since_all_ended(self, words: str) -> str:
        at = self.signed_out_everywhere_at
        return words if at is None else f"{words} {at.timestamp():.6f}"

    def agrees_to(self, purpose: Purpose) -> bool | None:
        """What was answered last; None: the person was never asked, or has not said."""
        answers = self.agreements.filter(purpose=purpose).order_by("-answered_at", "-pk")
        return answers.values_list("given", flat=True).first()

    @property
    def is_self_made(self) -> bool:
        """Whether the account was made by signing in with a telephone, and not for work."""
        return self.username.startswith(SELF_MADE)

    def keeps_learning(self) -> bool:
        """Whether what is learnt may be kept with the account. Who made it by telephone has to
        agree first; who has another may say no at any time."""
        answer = self.agrees_to(Purpose.LEARNING)
        return not self.is_self_made if answer is None else answer

    def is_office(self) -> bool:
        """Whether this is staff: whoever may enter the Wagtail admin. Teachers are not."""
        return self.is_staff or self.has_perm("wagtailadmin.access_admin")


class Agreement(models.Model):
    """Somebody said yes or no to one purpose. Rows are added and never changed: the latest holds,
    and all of them tell what was agreed to when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agreements"
    )
    purpose = models.CharField(_("用来做什么"), max_length=8, choices=Purpose.choices)
    #: False: refused, or taken back.
    given = models.BooleanField(_("同意"))
    #: Of the words that were read (lms.privacy.purposes).
    version = models.CharField(_("告知的版本"), max_length=10)
    answered_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")
        ordering: ClassVar = ["-answered_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values),
                name="an_agreement_is_to_a_known_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_purpose_display()}: {self.given}"


class DisplaySettings(models.Model):
    """How pages look and speak for a person, whichever screen it is (see `display`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="display_settings"
    )
    version = models.CharField(max_length=8, choices=Version.choices, default=Version.ELDER)
    size = models.CharField(
        _("字的大小"), max_length=8, choices=TextSize.choices, default=TextSize.LARGE
    )
    theme = models.CharField(_("颜色"), max_length=8, choices=Theme.choices, default=Theme.LIGHT)
    aloud = models.CharField(
        _("朗读"), max_length=8, choices=ReadAloud.choices, default=ReadAloud.OFF
    )
    speed = models.CharField(
        _("说话快慢"), max_length=8, choices=SpeechSpeed.choices, default=SpeechSpeed.NORMAL
    )
    language = models.CharField(
        _("语言"), max_length=8, choices=Language.choices, default=Language.CHINESE
    )

    class Meta:
        verbose_name = _("显示设置")
        verbose_name_plural = _("显示设置")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(version__in=Version.values, size__in=TextSize.values),
                name="a_persons_text_has_a_known_size",
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values, language__in=Language.values),
                name="a_persons_colours_and_language_are_known_ones",
            ),
            models.CheckConstraint(
                condition=models.Q(aloud__in=ReadAloud.values, speed__in=SpeechSpeed.values),
                name="a_persons_reading_aloud_is_a_known_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.as_display())

    def as_display(self) -> Display:
        return Display().choosing({name: getattr(self, name) for name in Display().values()})
