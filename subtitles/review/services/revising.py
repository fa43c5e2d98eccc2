"""A person's changes to a track. Every one of them counts `Track.edit` up by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from subtitles.choices import TrackState
from subtitles.cues.problems import ADVICE, Reason, find_problems
from subtitles.models import LONGEST_CHAPTER, LONGEST_TEXT, Track, TrackCue
from subtitles.recognition.hints import learn_hot_words
from subtitles.review.services.heard import HeardText, bring_back_heard, share_heard
from subtitles.tracks.versions import keep_before_sitting, keep_what_stands


class BadCue(Exception):
    """A cue that cannot be kept; str() says what to do, `cue` which one it is (None: a new one)."""

    def __init__(self, reason: str, cue: int | None = None) -> None:
        super().__init__(reason)
        self.cue = cue


class EditConflict(Exception):
    """Somebody else changed these cues meanwhile; nothing was written.

    `theirs` are the cues as they stand now, `gone` the ids of those that are no more.
    """

    def __init__(self, theirs: list[TrackCue], gone: list[int]) -> None:
        super().__init__(_("这条字幕刚刚被别人改过，请看一看再决定用哪一个。"))
        self.theirs = theirs
        self.gone = gone


class NotFinished(Exception):
    """Rules are broken that nobody has waived, or there is what nobody has listened to.

    str() says how many cues; `cues` are those, in the order of time.
    """

    def __init__(self, cues: list[TrackCue]) -> None:
        holes = [row for row in cues if is_open_hole(row)]
        broken = [row for row in cues if broken_rules(row) and row not in holes]
        unseen = len(cues) - len(holes) - len(broken)
        told = []
        if holes:
            told.append(
                _("还有%(count)d处没听清。请听一听，把话写上；真听不清，就点“放行”。")
                % {"count": len(holes)}
            )
        if broken:
            told.append(
                _("还有%(count)d条不合规则。请改好，或者写明放行。") % {"count": len(broken)}
            )
        if unseen:
            told.append(
                _("还有%(count)d条有亮着的字，没有人听过。请按 F8 一条一条听。") % {"count": unseen}
            )
        super().__init__(" ".join([*told, _("做完再点“核对完毕”。")]))
        self.cues = cues


@dataclass(frozen=True, slots=True, kw_only=True)
class CueEdit:
    """How one cue shall be. `cue` None makes a new one; `gone` removes it.

    `base` is the revision that the person has seen. Times in milliseconds.
    """

    cue: int | None = None
    base: int = 0
    gone: bool = False
    start_ms: int = 0
    end_ms: int = 0
    text: str = ""
    chapter: str = ""


@dataclass(frozen=True)
class Changed:
    track: Track
    cues: list[TrackCue]  # every one that is new or different now, neighbours' problems included
    made: list[int]  # ids of the new ones, in the order of their edits


@transaction.atomic
def change_cues(track: Track, *, by: AbstractUser, edits: Sequence[CueEdit]) -> Changed:
    """Apply all of `edits`, or none. Raises EditConflict or BadCue."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    before = {row.pk: row for row in track.cues.order_by("start_ms", "pk")}
    neighbours = set(pairwise(before))
    touched = [edit for edit in edits if edit.cue is not None]
    check_nobody_else_changed(before, touched)
    keep_before_sitting(track, by=by)
    track.edit += 1
    leaving = [edit.cue for edit in touched if edit.gone]
    rows = {pk: row for pk, row in before.items() if pk not in leaving}
    told = {pk: (row.text, HeardText.of(row)) for pk, row in before.items()}
    made: list[TrackCue] = []
    for edit in edits:
        if edit.gone:
            continue
        row = TrackCue(track=track) if edit.cue is None else rows[edit.cue]
        apply_edit(row, edit, edit_number=track.edit, by=by)
        if edit.cue is None:
            made.append(row)
    if made or leaving:
        reworded = [row for pk, row in rows.items() if row.text != told[pk][0]]
        share_heard(
            [heard for pk, (_text, heard) in told.items() if pk in leaving or rows[pk] in reworded],
            sorted([*reworded, *made], key=lambda row: row.start_ms),
        )
        bring_back_heard(track, made)
    check_starts_differ([*rows.values(), *made])
    # Deleted and created anew: when all cues are shifted, one may take another's start.
    track.cues.filter(pk__in=[edit.cue for edit in touched]).delete()
    kept = [edit.cue for edit in touched if not edit.gone]
    TrackCue.objects.bulk_create([rows[pk] for pk in kept if pk is not None])
    for row in made:
        row.save(force_insert=True)
    close_change(track, by=by, neighbours=neighbours)
    noted = list(track.cues.filter(noted=track.edit))
    return Changed(track=track, cues=noted, made=[row.pk for row in made])


def check_nobody_else_changed(before: dict[int, TrackCue], edits: Iterable[CueEdit]) -> None:
    """Raises EditConflict."""
    gone = [edit.cue for edit in edits if edit.cue is not None and edit.cue not in before]
    theirs = [
        before[edit.cue]
        for edit in edits
        if edit.cue in before and before[edit.cue].revision > edit.base
    ]
    if theirs or gone:
        raise EditConflict(theirs, gone)


def apply_edit(row: TrackCue, edit: CueEdit, *, edit_number: int, by: AbstractUser) -> None:
    """Raises BadCue."""
    text = "\n".join(line.strip() for line in edit.text.splitlines() if line.strip())
    if not text:
        raise BadCue(_("这条字幕没有文字。不要它了，请删掉。"), edit.cue)
    if len(text) > LONGEST_TEXT:
        raise BadCue(
            _("这条字幕太长了，最多%(count)d个字。请拆成几条。") % {"count": LONGEST_TEXT}, edit.cue
        )
    if edit.start_ms < 0 or edit.end_ms <= edit.start_ms:
        raise BadCue(_("结束时间要在开始时间之后。"), edit.cue)
    is_reworded = text != row.text
    if is_reworded or (edit.start_ms, edit.end_ms) != (row.start_ms, row.end_ms):
        row.waived = {}
    row.text, row.start_ms, row.end_ms = text, edit.start_ms, edit.end_ms
    if is_reworded:
        row.probability = min((doubt[2] for doubt in row.open_doubts), default=None)
        row.seen_at, row.seen_by_id = timezone.now(), by.pk
    row.chapter = edit.chapter.strip()[:LONGEST_CHAPTER]
    row.revision = row.noted = edit_number


def check_starts_differ(rows: Iterable[TrackCue]) -> None:
    """Raises BadCue."""
    seen: dict[int, TrackCue] = {}
    for row in rows:
        if other := seen.get(row.start_ms):
            last = row if row.revision >= other.revision else other
            raise BadCue(_("两条字幕不能同时开始。请把其中一条移开一点。"), last.pk)
        seen[row.start_ms] = row


def close_change(
    track: Track, *, by: AbstractUser, neighbours: set[tuple[int, int]] | None = None
) -> None:
    """Judge anew what was changed and what stands before it, and write down who did it.

    `neighbours`: ids of cues that followed each other before; None when their order is the same.
    """
    learn_hot_words()
    rows = list(track.cues.order_by("start_ms", "pk"))
    is_finished = True
    for row, after in zip_longest(rows, rows[1:]):
        is_near = row.noted == track.edit or (after is not None and after.noted == track.edit)
        if is_near or lost_its_neighbour(row, after, neighbours):
            problems = problems_of(row, after)
            if problems != row.problems:
                row.problems, row.noted = problems, track.edit
                row.save(update_fields=["problems", "noted"])
        is_finished = is_finished and not broken_rules(row)
    track.corrected_at, track.corrected_by_id = timezone.now(), by.pk
    if not is_finished:
        begin_review_anew(track)
    track.save()


def begin_review_anew(track: Track) -> None:
    """Count it as a machine's again: nobody has checked it as it is now. The caller saves it."""
    track.state, track.reviewed_at, track.reviewed_by = TrackState.MACHINE, None, None


def lost_its_neighbour(
    row: TrackCue, after: TrackCue | None, neighbours: set[tuple[int, int]] | None
) -> bool:
    """Whether another cue follows than did before, as when one was removed between the two."""
    if neighbours is None:
        return False
    if after is None:
        return any(before == row.pk for before, _next in neighbours)
    return (row.pk, after.pk) not in neighbours


def problems_of(row: TrackCue, after: TrackCue | None) -> list[str]:
    next_cue = None if after is None else after.as_cue()
    return [problem.reason.value for problem in find_problems(row.as_cue(), next_cue=next_cue)]


def broken_rules(row: TrackCue) -> list[str]:
    """Codes of the rules that the cue breaks and that nobody has waived."""
    return [code for code in row.problems if code not in ADVICE and code not in row.waived]


def is_open_hole(row: TrackCue) -> bool:
    return row.as_cue().is_hole and Reason.UNHEARD.value in broken_rules(row)


def is_unseen(row: TrackCue) -> bool:
    """Whether the cue has words that the machine was not sure of, and nobody has listened since."""
    if row.seen_at is not None:
        return False
    is_said_doubtful = Reason.DOUBTFUL.value in row.problems
    return bool(row.open_doubts) or (is_said_doubtful and Reason.DOUBTFUL.value not in row.waived)


def put_cues(track: Track, rows: Sequence[TrackCue], *, by: AbstractUser) -> None:
    """Replace all cues. The caller holds the track's row and has kept what stood."""
    track.edit += 1
    track.cues.all().delete()
    for row in rows:
        row.track, row.revision, row.noted = track, track.edit, track.edit
    TrackCue.objects.bulk_create(rows)
    begin_review_anew(track)
    close_change(track, by=by)


@transaction.atomic
def replace_cues(track: Track, *, by: AbstractUser, rows: Sequence[TrackCue]) -> Track:
    """Put `rows`, as from a file, in the place of all cues; what stood is kept as a version.

    Raises BadCue.
    """
    track = Track.objects.select_for_update().get(pk=track.pk)
    check_starts_differ(rows)
    keep_what_stands(track)
    put_cues(track, rows, by=by)
    return track


@transaction.atomic
def adopt_version(track: Track, *, number: int, by: AbstractUser) -> Track:
    """Put an earlier version, or a machine's, in the place of what stands, which is kept.

    Raises TrackVersion.DoesNotExist.
    """
    track = Track.objects.select_for_update().get(pk=track.pk)
    version = track.versions.get(number=number)
    keep_what_stands(track)
    put_cues(track, [TrackCue(**fields) for fields in version.cues], by=by)
    return track


def sign(row: TrackCue, codes: Iterable[str], *, by: AbstractUser) -> None:
    name = by.get_full_name() or by.get_username()
    signature = {"by": name, "at": timezone.now().isoformat(timespec="seconds")}
    row.waived = {**row.waived, **dict.fromkeys(codes, signature)}


@transaction.atomic
def waive_rules(track: Track, *, cue: int, base: int, by: AbstractUser) -> Changed:
    """Let pass, by name, what one cue breaks. It holds until the cue is changed.

    Raises EditConflict.
    """
    track = Track.objects.select_for_update().get(pk=track.pk)
    rows = {row.pk: row for row in track.cues.filter(pk=cue)}
    check_nobody_else_changed(rows, [CueEdit(cue=cue, base=base)])
    keep_before_sitting(track, by=by)
    row = rows[cue]
    sign(row, broken_rules(row), by=by)
    return close_signing(track, row, by=by)


@transaction.atomic
def confirm_words(track: Track, *, cue: int, base: int, by: AbstractUser) -> Changed:
    """Say, by name, that the doubtful words of one cue were heard right. Raises EditConflict."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    rows = {row.pk: row for row in track.cues.filter(pk=cue)}
    check_nobody_else_changed(rows, [CueEdit(cue=cue, base=base)])
    keep_before_sitting(track, by=by)
    row = rows[cue]
    row.doubts, row.probability = [], None
    sign(row, [Reason.DOUBTFUL.value], by=by)
    return close_signing(track, row, by=by)


def close_signing(track: Track, row: TrackCue, *, by: AbstractUser) -> Changed:
    track.edit += 1
    row.noted = track.edit
    row.save()
    close_change(track, by=by)
    return Changed(track=track, cues=list(track.cues.filter(noted=track.edit)), made=[])


@transaction.atomic
def finish_review(track: Track, *, by: AbstractUser) -> Track:
    """Say that the track is right: its mark 机器字幕，未经核对 goes. Raises NotFinished."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    unfinished = [row for row in track.cues.all() if broken_rules(row) or is_unseen(row)]
    if unfinished:
        raise NotFinished(unfinished)
    keep_what_stands(track)
    track.state = TrackState.REVIEWED
    track.reviewed_at, track.reviewed_by_id = timezone.now(), by.pk
    track.save()
    return track
