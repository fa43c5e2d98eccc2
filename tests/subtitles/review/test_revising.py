"""People change a track: all or nothing, nobody's work overwritten, everything kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from media.choices import StageState
from media.models import Stage, Video
from subtitles.choices import Origin, TrackState
from subtitles.cues import UNHEARD, Cue, Doubt, WordTime
from subtitles.models import Track, TrackCue
from subtitles.recognition.machine import default_options
from subtitles.review import services
from subtitles.review.services import BadCue, CueEdit, EditConflict, NotFinished
from subtitles.tracks.publishing import listen_again, publish_machine_track

pytestmark = pytest.mark.django_db

TIMES = tuple(
    WordTime(*time)
    for time in [
        (0, 2, 2_500, 2_900),
        (2, 4, 2_900, 3_300),
        (4, 6, 3_300, 3_700),
        (6, 8, 3_700, 4_500),
        (10, 12, 4_700, 5_100),
        (12, 14, 5_100, 5_900),
    ]
)
CUES = [
    Cue(400, 2_400, ("大家好。",), 0.9),
    Cue(2_500, 5_900, ("欢迎来到手机客堂，", "我是小王。"), 0.2,
        (Doubt(6, 8, 0.2), Doubt(12, 14, 0.4)), word_times=TIMES),
    Cue(6_000, 8_000, ("今天学挂号。",), 0.9),
]  # fmt: skip
HOLE = Cue(8_200, 12_200, (UNHEARD,))


@pytest.fixture
def track() -> Track:
    video = Video.objects.create(title="手机课堂", original="originals/a.mp4")
    track = publish_machine_track(video, options=default_options(), cues=CUES)
    assert track is not None
    return track


@pytest.fixture
def lin(django_user_model):
    return django_user_model.objects.create_user("lin", last_name="林", first_name="小编")


@pytest.fixture
def wang(django_user_model):
    return django_user_model.objects.create_user("wang")


def as_edit(row, **changes) -> CueEdit:
    edit = {
        "start_ms": row.start_ms,
        "end_ms": row.end_ms,
        "text": row.text,
        "chapter": row.chapter,
    }
    return CueEdit(cue=row.pk, base=row.revision, **{**edit, **changes})


def change(track, by, *edits):
    return services.change_cues(track, by=by, edits=edits)


def listen_to_all(track, by):
    services.note_seen(track, by=by, cues=[row.pk for row in track.cues.all()])


def texts(track) -> list[str]:
    return [row.text for row in track.cues.all()]


def test_a_correction_is_kept_with_who_made_it_and_the_other_doubts_stay_lit(track, lin):
    row = track.cues.all()[1]
    changed = change(track, lin, as_edit(row, text="欢迎来到大手机课堂，\n我是小王。"))
    row.refresh_from_db()
    assert row.text == "欢迎来到大手机课堂，\n我是小王。"
    assert row.open_doubts == [[13, 15, 0.4]]
    assert row.probability == 0.4
    assert row.heard == "欢迎来到手机客堂，\n我是小王。"
    assert [cue.pk for cue in changed.cues] == [row.pk]
    track.refresh_from_db()
    assert track.corrected_by == lin


def test_a_doubt_comes_back_with_the_machines_word_and_not_after_it_was_confirmed(track, lin):
    row = track.cues.all()[1]
    for text, lit in [
        ("各位，欢迎来到手机课堂，\n我是小汪。", []),
        ("各位，欢迎来到手机客堂，\n我是小汪。", [[9, 11, 0.2]]),
        ("欢迎来到手机客堂，\n我是小王。", [[6, 8, 0.2], [12, 14, 0.4]]),
    ]:
        change(track, lin, as_edit(row, text=text))
        row.refresh_from_db()
        assert row.open_doubts == lit
        assert row.probability == min((doubt[2] for doubt in lit), default=None)
        assert ("doubtful" in row.problems) == bool(lit)
    services.confirm_words(track, cue=row.pk, base=row.revision, by=lin)
    for text in ("欢迎。", row.text):
        change(track, lin, as_edit(row, text=text))
        row.refresh_from_db()
    assert row.open_doubts == []


def test_splitting_and_merging_are_one_change_each(track, lin):
    row = track.cues.all()[1]
    changed = change(
        track,
        lin,
        as_edit(row, end_ms=4_000, text="欢迎来到手机课堂。"),
        CueEdit(start_ms=4_100, end_ms=5_900, text="我是小王。"),
    )
    assert texts(track) == ["大家好。", "欢迎来到手机课堂。", "我是小王。", "今天学挂号。"]
    [made] = changed.made
    head, tail = track.cues.all()[1:3]
    assert tail.pk == made
    assert (head.open_doubts, tail.open_doubts) == ([], [[2, 4, 0.4]])
    assert (tail.heard, tail.probability) == ("我是小王。", 0.4)
    change(track, lin, as_edit(head, end_ms=5_900, text="我是小王。"), as_edit(tail, gone=True))
    assert len(texts(track)) == 3


def test_what_the_machine_knew_of_the_words_goes_with_them(track, lin):
    row = track.cues.all()[1]
    before = (row.heard, row.open_doubts, row.open_times)
    change(
        track,
        lin,
        as_edit(row, end_ms=3_700, text="欢迎来到大手机"),
        CueEdit(start_ms=3_800, end_ms=5_900, text="客堂，\n我是小王。"),
    )
    head, tail = track.cues.all()[1:3]
    assert (head.heard, head.open_doubts) == ("欢迎来到手机", [])
    assert head.open_times == [[0, 2, 2_500, 2_900], [2, 4, 2_900, 3_300], [5, 7, 3_300, 3_700]]
    assert tail.open_doubts == [[0, 2, 0.2], [6, 8, 0.4]]
    assert tail.open_times == [[0, 2, 3_700, 4_500], [4, 6, 4_700, 5_100], [6, 8, 5_100, 5_900]]

    back = as_edit(head, end_ms=5_900, text="欢迎来到手机客堂，\n我是小王。")
    change(track, lin, back, as_edit(tail, gone=True))  # as it is undone
    row.refresh_from_db()
    assert (row.open_doubts, row.open_times) == before[1:]
    assert row.heard.replace("\n", "") == before[0].replace("\n", "")


def test_a_removed_line_gives_its_words_to_nobody(track, lin):
    first, second, _third = track.cues.all()
    change(track, lin, as_edit(first, text="大家好！"), as_edit(second, gone=True))
    first.refresh_from_db()
    assert first.open_doubts == []


def test_a_removed_line_that_is_brought_back_is_lit_as_before(track, lin):
    row = track.cues.all()[1]
    change(track, lin, as_edit(row, gone=True))
    back = CueEdit(start_ms=row.start_ms, end_ms=row.end_ms, text=row.text)
    change(track, lin, back)
    again = track.cues.all()[1]
    assert (again.open_doubts, again.open_times) == (row.open_doubts, row.open_times)
    assert again.probability == 0.2


def test_all_can_be_moved_even_over_one_anothers_old_places(track, lin):
    edits = [
        as_edit(row, start_ms=row.start_ms + 2_100, end_ms=row.end_ms + 2_100)
        for row in track.cues.all()
    ]
    change(track, lin, *edits)
    assert [row.start_ms for row in track.cues.all()] == [2_500, 4_600, 8_100]


def test_who_comes_later_to_a_changed_line_hears_of_it_and_nothing_is_written(track, lin, wang):
    first, second, third = track.cues.all()
    change(track, lin, as_edit(second, text="欢迎来到手机课堂。"))
    with pytest.raises(EditConflict) as conflict:
        change(track, wang, as_edit(first, text="您好。"), as_edit(second, text="欢迎。"))
    assert [row.text for row in conflict.value.theirs] == ["欢迎来到手机课堂。"]
    assert texts(track)[:2] == ["大家好。", "欢迎来到手机课堂。"]
    change(track, wang, as_edit(first, text="您好。"))  # another line is no conflict
    change(track, lin, as_edit(third, gone=True))
    with pytest.raises(EditConflict) as conflict:
        change(track, wang, as_edit(third, text="今天学打车。"))
    assert conflict.value.gone == [third.pk]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": " \n "}, "没有文字"),
        ({"text": "啊" * 121}, "太长"),
        ({"end_ms": 2_500}, "结束时间"),
        ({"start_ms": 400, "end_ms": 900}, "同时开始"),
    ],
)
def test_what_cannot_be_a_cue_is_refused_in_words(track, lin, changes, reason):
    row = track.cues.all()[1]
    with pytest.raises(BadCue, match=reason) as refused:
        change(track, lin, as_edit(row, **changes))
    assert refused.value.cue == row.pk
    assert texts(track)[1] == row.text


def test_a_neighbours_rule_is_judged_anew_without_taking_its_line_from_anybody(track, lin, wang):
    first, second, _ = track.cues.all()
    changed = change(track, lin, as_edit(second, start_ms=2_000))
    assert {row.pk: "overlap" in row.problems for row in changed.cues} == {
        first.pk: True,
        second.pk: False,
    }
    change(track, wang, as_edit(first, text="您好。"))  # no conflict: only the judgement is new


def test_it_is_done_when_every_rule_is_met_or_waived_by_name(track, lin):
    publish_machine_track(track.video, options=default_options(), cues=CUES)
    listen_to_all(track, lin)
    row = track.cues.all()[2]
    change(track, lin, as_edit(row, end_ms=6_300))
    with pytest.raises(NotFinished, match="还有1条") as unfinished:
        services.finish_review(track, by=lin)
    assert [one.pk for one in unfinished.value.cues] == [row.pk]
    row.refresh_from_db()
    services.waive_rules(track, cue=row.pk, base=row.revision, by=lin)
    done = services.finish_review(track, by=lin)
    assert (done.state, done.reviewed_by) == (TrackState.REVIEWED, lin)
    row.refresh_from_db()
    assert row.waived["too_short"]["by"] == lin.get_full_name()

    change(track, lin, as_edit(row, text="今天学打车。"))  # a waiver is for what stood then
    track.refresh_from_db()
    assert track.state == TrackState.MACHINE
    assert track.reviewed_by is None


def test_it_is_not_done_before_each_lit_word_was_listened_to_by_somebody(track, lin, wang):
    lit = track.cues.all()[1]
    with pytest.raises(NotFinished, match="还有1条有亮着的字，没有人听过") as unfinished:
        services.finish_review(track, by=lin)
    assert [row.pk for row in unfinished.value.cues] == [lit.pk]
    services.note_seen(track, by=wang, cues=[lit.pk, 999_999])
    services.note_seen(track, by=lin, cues=[lit.pk])
    lit.refresh_from_db()
    assert lit.seen_by == wang  # two people share the work
    assert services.finish_review(track, by=lin).state == TrackState.REVIEWED


def test_a_new_hearing_is_listened_to_anew_and_a_changed_line_by_who_changed_it(track, lin, wang):
    listen_to_all(track, lin)
    row = track.cues.all()[1]
    change(track, wang, as_edit(row, text="欢迎来到手机客堂，\n我是小汪。"))
    row.refresh_from_db()
    assert row.seen_by == wang
    services.adopt_version(track, number=1, by=lin)
    with pytest.raises(NotFinished, match="没有人听过"):
        services.finish_review(track, by=lin)


def test_words_that_were_confirmed_by_name_need_no_listening(track, lin):
    row = track.cues.all()[1]
    services.confirm_words(track, cue=row.pk, base=row.revision, by=lin)
    assert services.finish_review(track, by=lin).state == TrackState.REVIEWED


@pytest.mark.parametrize("way", ["words", "removal", "waiver"])
def test_a_hole_is_closed_by_words_by_its_removal_or_by_name(track, lin, way):
    publish_machine_track(track.video, options=default_options(), cues=[*CUES, HOLE])
    listen_to_all(track, lin)
    row = track.cues.last()
    with pytest.raises(NotFinished, match="还有1处没听清") as unfinished:
        services.finish_review(track, by=lin)
    assert [one.pk for one in unfinished.value.cues] == [row.pk]
    assert track.cues.holes().count() == 1
    if way == "words":
        change(track, lin, as_edit(row, text="先打开微信。"))
    elif way == "removal":
        change(track, lin, CueEdit(cue=row.pk, base=row.revision, gone=True))
    else:
        services.waive_rules(track, cue=row.pk, base=row.revision, by=lin)
    assert track.cues.holes().count() == 0
    assert services.finish_review(track, by=lin).state == TrackState.REVIEWED


def test_a_reviewed_track_stays_so_while_changes_keep_the_rules(track, lin, wang):
    listen_to_all(track, lin)
    services.finish_review(track, by=lin)
    change(track, wang, as_edit(track.cues.all()[0], text="您好。"))
    track.refresh_from_db()
    assert track.state == TrackState.REVIEWED


@pytest.mark.parametrize("way", ["a version", "a file"])
def test_what_takes_all_lines_places_was_reviewed_by_nobody(track, lin, wang, way):
    listen_to_all(track, lin)
    services.finish_review(track, by=lin)
    if way == "a version":
        services.adopt_version(track, number=track.versions.last().number, by=wang)
    else:
        rows = [TrackCue(start_ms=400, end_ms=2_400, text="大家好。")]
        services.replace_cues(track, by=wang, rows=rows)
    track.refresh_from_db()
    assert (track.state, track.reviewed_by, track.reviewed_at) == (TrackState.MACHINE, None, None)


def test_what_stood_before_a_removed_line_is_judged_anew(track, lin):
    one, two, _three = track.cues.all()
    change(track, lin, as_edit(one, end_ms=3_000))
    one.refresh_from_db()
    assert "overlap" in one.problems
    change(track, lin, CueEdit(cue=two.pk, base=two.revision, gone=True))
    one.refresh_from_db()
    assert "overlap" not in one.problems


def test_two_at_once_do_not_fill_the_versions(track, lin, wang):
    for number in range(8):
        row = track.cues.first()
        change(track, (lin, wang)[number % 2], as_edit(row, text=f"大家好{number}。"))
    assert track.versions.count() == 2  # the machine's, and the first person's


def test_doubtful_words_are_confirmed_by_name(track, lin):
    row = track.cues.all()[1]
    services.confirm_words(track, cue=row.pk, base=row.revision, by=lin)
    row.refresh_from_db()
    assert (row.doubts, row.problems, row.probability) == ([], [], None)
    assert row.waived["doubtful"]["by"] == lin.get_full_name()


def test_a_version_is_kept_before_each_sitting_and_can_come_back(track, lin, wang):
    first = track.cues.all()[0]
    for text in ("您好。", "您好啊。"):
        change(track, lin, as_edit(first, text=text))
        first.refresh_from_db()
    assert [v.origin for v in track.versions.all()] == [Origin.MACHINE]
    change(track, wang, as_edit(first, text="各位好。"))
    assert [(v.made_by, v.cues[0]["text"]) for v in track.versions.all()] == [
        (lin, "您好啊。"),
        (None, "大家好。"),
    ]
    services.adopt_version(track, number=1, by=lin)
    assert texts(track)[0] == "大家好。"
    assert track.versions.first().cues[0]["text"] == "各位好。"  # what stood before is kept

    Track.objects.update(corrected_at=timezone.now() - timedelta(hours=1))
    change(track, lin, as_edit(track.cues.all()[0], text="好。"))
    assert track.versions.count() == 4


def test_a_machine_that_listens_again_puts_its_version_beside_a_persons_once(track, lin):
    change(track, lin, as_edit(track.cues.all()[0], text="您好。"))
    for _again in range(2):  # as when the worker dies between publishing and its stage's end
        assert publish_machine_track(track.video, options=default_options(), cues=CUES[:2]) is None
    assert texts(track)[0] == "您好。"
    newest = track.versions.first()
    assert (newest.number, newest.edit, len(newest.cues)) == (2, None, 2)
    assert (newest.engine, newest.model) == ("faster-whisper", "bundled")
    assert "手机" in newest.prompt


def test_listening_again_queues_the_transcript_unless_it_is_under_way(track):
    stage = Stage.objects.create(
        video=track.video, kind="transcript", state=StageState.DONE, fingerprint="a", attempts=1
    )
    assert listen_again(track.video)
    stage.refresh_from_db()
    assert (stage.state, stage.fingerprint, stage.attempts) == (StageState.QUEUED, "", 0)
    assert not listen_again(track.video)


def test_who_left_the_desk_is_no_longer_there(track, lin, wang):
    services.note_reviewer(track, user=wang, cue=5)
    [other] = services.note_reviewer(track, user=lin, cue=None)
    assert (other.user, other.cue) == (wang, 5)
    track.reviewers.filter(user=wang).update(seen_at=timezone.now() - timedelta(minutes=1))
    assert services.note_reviewer(track, user=lin, cue=None) == []
