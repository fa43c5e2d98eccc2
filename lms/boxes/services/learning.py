"""Lines about what was learnt and what was not understood. Neither names anybody."""

from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.progress.marking import MOMENTS, finish_classrooms, held
from courses.progress.models import LearnerRecord, LessonMark, LessonTally
from courses.progress.records import join, record_of_code, record_of_key
from lms.boxes.lines import MarkLine, TallyLine
from lms.boxes.models import CountedAt, VillageBox
from lms.boxes.refusals import LineWaits


def page_of(key: UUID, path: str) -> Page:
    """A page that came with a pack keeps the key that it has in its city; one that each has from
    the starter is known by its path. Raises LineWaits."""
    found = Page.objects.filter(translation_key=key).first()
    found = found or Page.objects.filter(url_path=path).first()
    if found is None:
        raise LineWaits(_("市里没有这一课，等有了再收。"))
    return found


def take_mark(_box: VillageBox, line: MarkLine) -> None:
    """Put together with what is known: parts that were seen on either, and the earlier moments."""
    page = page_of(line.page, line.path).specific
    record = held(_record(line))
    mark, _is_new = LessonMark.objects.get_or_create(record=record, lesson_id=page.pk)
    mark.seen_parts |= line.seen_parts
    for name in MOMENTS:
        moments = [moment for moment in (getattr(mark, name), getattr(line, name)) if moment]
        setattr(mark, name, min(moments, default=None))
    mark.save()
    if mark.done_at is not None:
        finish_classrooms(record, page, now=mark.done_at)


def _record(line: MarkLine) -> LearnerRecord:
    """Under the key that the box made; what was begun there under a number of ours goes into the
    record of that number."""
    record = record_of_key(line.record)
    if record is None:
        record, _is_new = LearnerRecord.objects.get_or_create(key=line.record)
    if not line.code or record.code == line.code:
        return record
    other = record_of_code(line.code)
    if other is None and record.code is None:
        LearnerRecord.objects.filter(pk=record.pk).update(code=line.code)
        record.code = line.code
    elif other is not None and other.pk != record.pk and record.user_id is None:
        join(other, record)
        return other
    return record


def take_tally(box: VillageBox, line: TallyLine) -> None:
    """A box says how often in all; what is more than it said before is added."""
    page = page_of(line.page, line.path)
    known, _is_new = CountedAt.objects.select_for_update().get_or_create(
        uid=line.id, defaults={"box": box}
    )
    more = line.times - known.times
    if more <= 0:
        return
    what = {
        "lesson_id": page.pk,
        "day": date.fromisoformat(line.day),
        "kind": line.what,
        "place": line.place,
        "chosen": line.chosen,
    }
    LessonTally.objects.get_or_create(**what)
    LessonTally.objects.filter(**what).update(times=F("times") + more)
    CountedAt.objects.filter(pk=known.pk).update(times=line.times)
