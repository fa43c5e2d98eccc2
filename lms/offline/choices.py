from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NotedKind(TextChoices):
    """What a phone notes without a network."""

    SEEN = "seen", _("看过的几段")
    READ = "read", _("看完了")
    QUIZ = "quiz", _("答过题")
    PRACTISED = "practised", _("练过")
    UNCLEAR = "unclear", _("没看懂")


class NotedOutcome(TextChoices):
    """What became of something that a phone sent; whatever is answered leaves the phone."""

    STORED = "stored"
    #: It was sent before.
    KNOWN = "known"
    #: Its learner has deleted the record, or its lesson is no longer there.
    GONE = "gone"
    MALFORMED = "malformed"
