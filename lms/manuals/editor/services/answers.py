"""Verbs by which a maker says why a word that stops a draft is right where it stands."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.writing import locked_draft
from lms.manuals.models import ManualVersion, WordAnswer
from lms.manuals.readability.queries import findings_of, place_of

LEAST_REASON = 4  # characters


@transaction.atomic
def keep_word(
    version: ManualVersion, *, key: str, field: str, word: str, reason: str, by: User
) -> WordAnswer:
    """The word no longer stops the draft. key: of the part, empty for the version itself.

    Raises VersionRefused when it is no draft, when no such word stops it, and without a reason.
    """
    draft = ManualVersion.objects.with_content().get(pk=locked_draft(version).pk)
    stopping = {place_of(finding) for finding in findings_of(draft) if finding.is_answerable}
    if (key, field, word) not in stopping:
        raise VersionRefused(_("这个词已经改过了，不用说明。"))
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON:
        raise VersionRefused(_("请写明为什么这样写是对的，审的人要看。"))
    answer = WordAnswer(
        version=draft, key=key, field=field, word=word, reason=reason, written_by=by
    )
    answer.full_clean()
    answer.save()
    return answer


@transaction.atomic
def take_answer_back(version: ManualVersion, *, key: str, field: str, word: str) -> None:
    """The word stops the draft again. Raises VersionRefused when it is no draft."""
    draft = locked_draft(version)
    draft.answers.filter(key=key, field=field, word=word).delete()
