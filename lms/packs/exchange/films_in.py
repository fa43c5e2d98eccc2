"""Films and sounds of a pack become a lesson's own: nothing is drawn, read or encoded again."""

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import Subject
from courses.films.storyboard import lesson_storyboard
from courses.models import LessonPage, PracticePage
from lms.accounts.models import User
from lms.packs.exchange.arriving import Arrived
from lms.packs.exchange.document import Film, PackedSound
from lms.packs.exchange.saved_files import Saved
from lms.packs.refusals import PackError
from media.choices import StageState
from media.films.services import request_film
from media.models import Narration, Rendition, Stage, Video
from media.models.videos import KEEPSAKE
from media.narration.narrators import SentenceSpan
from media.narration.sentences import split_sentences
from media.narration.services import publish_narration, request_narration
from media.pipeline import publishing
from media.pipeline.stages import kinds_of
from subtitles.choices import TrackState
from subtitles.cues import Cue
from subtitles.models import Track, TrackCue
from subtitles.tracks.publishing import machine_cues
from subtitles.tracks.script import publish_script_track

#: The stage that makes subtitles of what is heard.
TRANSCRIPT = "transcript"


def digest_of_film(film: Film | None) -> str:
    """Blank for none."""
    return "" if film is None else sha256(film.model_dump_json().encode()).hexdigest()


class FilmTaker:
    def __init__(
        self, arrived: Arrived, saved: Saved, *, by: User | None, is_trusted: bool, is_final: bool
    ) -> None:
        """is_trusted: whether a check of subtitles there counts here. is_final: nothing of it is
        to be made here, not even the film to be carried away."""
        self.arrived, self.saved, self.by = arrived, saved, by
        self.is_trusted, self.is_final = is_trusted, is_final

    def chosen(self, film: Film, paths: list[Path]) -> Video:
        """A film that somebody chose for a lesson there, as if it had been uploaded here."""
        video = Video(
            title=film.title,
            original_name=paths[0].name,
            spoken_language=film.spoken_language,
            uploaded_by=self.by,
        )
        self.saved.into(video.original, paths[0])
        video.save()
        self.fill(video, film, paths)
        if film.cues and not film.has_words_in_picture:
            self.add_track(video, film)
        self.end_stages(video, film)
        return video

    def made(
        self, lesson: LessonPage, film: Film, paths: list[Path], practice: PracticePage | None
    ) -> Video | None:
        """A film that the program made of the lesson. None where the lesson's sound is not that of
        its words, from which another film will be made anyway."""
        narration = Narration.objects.filter(page_id=lesson.pk).first()
        if narration is None or not narration.reads_the_text:
            return None
        subject = Subject(lesson.get_parent().specific.subject)
        storyboard = lesson_storyboard(
            lesson, subject=subject, practice=practice.practice if practice else None
        )
        row = request_film(narration, storyboard)
        row.scenes = [scene.model_dump() for scene in film.scenes]
        row.said = [part.model_dump() for part in film.said]
        row.made_at = timezone.now()
        row.save(update_fields=["scenes", "said", "made_at"])
        video = Video.objects.get(pk=row.video_id)
        self.fill(video, film, paths)
        if not film.has_words_in_picture and row.said:
            publish_script_track(video)
        self.end_stages(video, film)
        return video

    def fill(self, video: Video, film: Film, paths: list[Path]) -> None:
        """Its files and facts; what was there before goes."""
        video.renditions.all().delete()
        video.duration_ms, video.has_picture = film.duration_ms, True
        video.has_audio = any(self.arrived.facts[path]["audio"] for path in paths)
        video.save(update_fields=["duration_ms", "has_picture", "has_audio"])
        for file, path in zip(film.files, paths, strict=True):
            facts = self.arrived.facts[path]
            is_sound = file.name == "audio"
            publishing.publish_rendition(
                video,
                name=file.name,
                path=self.saved.copy(path),
                width=None if is_sound else facts["width"],
                height=None if is_sound else facts["height"],
            )
        if film.has_words_in_picture:
            self.carry_away(video)
        for each in video.renditions.all():
            self.saved.note(each.file)
        if film.poster:
            publishing.publish_poster(video, self.saved.copy(self.arrived.picture(film.poster)))
            self.saved.note(video.poster)
        pictures = {
            each.at_ms: self.saved.copy(self.arrived.picture(each.file)) for each in film.thumbnails
        }
        publishing.publish_storyboard(video, pictures)
        for thumbnail in video.thumbnails.all():
            self.saved.note(thumbnail.file)

    def carry_away(self, video: Video) -> None:
        """What has its subtitles in the picture is the film to be carried away too."""
        film = next(each for each in video.renditions.all() if each.height)
        Rendition.objects.create(
            video=video,
            name=KEEPSAKE,
            file=film.file.name,
            width=film.width,
            height=film.height,
            size_bytes=film.size_bytes,
        )

    def add_track(self, video: Video, film: Film) -> None:
        """Subtitles that somebody checked there count as a script here, where nobody did."""
        is_checked = film.is_reviewed and self.is_trusted
        track = Track.objects.create(
            video=video,
            language=video.spoken_language,
            state=TrackState.SCRIPT if is_checked else TrackState.MACHINE,
        )
        rows = machine_cues(
            [
                Cue(
                    start_ms=cue.start_ms,
                    end_ms=max(cue.end_ms, cue.start_ms + 1),
                    lines=tuple(cue.text.split("\n")),
                    probability=None,
                    chapter=cue.chapter[:20],
                )
                for cue in film.cues
                if cue.text
            ]
        )
        for row in rows:
            row.track = track
        TrackCue.objects.bulk_create(rows)

    def end_stages(self, video: Video, film: Film) -> None:
        """All is made. What is still to do is done here, unless it is_final: subtitles of a film
        that has none, and a film to be carried away."""
        left = {KEEPSAKE} if not film.has_words_in_picture else set()
        if not film.cues and not film.has_words_in_picture:
            left.add(TRANSCRIPT)
        fresh = Video.objects.get(pk=video.pk)
        for kind in kinds_of(fresh):
            if kind.name in left and not self.is_final:
                Stage.objects.get_or_create(video=fresh, kind=kind.name)
                continue
            Stage.objects.update_or_create(
                video=fresh,
                kind=kind.name,
                defaults={
                    "state": StageState.SKIPPED if kind.name in left else StageState.DONE,
                    "progress": 0 if kind.name in left else 100,
                    "token": None,
                    "finished_at": timezone.now(),
                    "fingerprint": kind.fingerprint(fresh),
                    "message": "",
                },
            )

    def sound(self, lesson: LessonPage, spoken: PackedSound) -> bool:
        """The lesson read aloud. False where the sound says other words than the lesson."""
        text = lesson.text_to_read
        if split_sentences(text) != [each.text for each in spoken.sentences]:
            return False
        narration = request_narration(lesson, text=text)
        if narration is None:
            return False
        copy = self.saved.copy(self.arrived.sound(spoken))
        with copy.open("rb") as content:
            publish_narration(
                narration,
                text_digest=narration.text_digest,
                audio=File(content, name=copy.name),
                name=copy.name,
                spans=spans_of(spoken),
                duration_ms=spoken.duration_ms,
                voice=spoken.voice,
            )
        narration.refresh_from_db()
        narration.stages.all().delete()  # nothing is left to be made
        self.saved.note(narration.audio)
        return True


def spans_of(spoken: PackedSound) -> list[SentenceSpan]:
    """Raises PackError for times that cannot be."""
    spans = [SentenceSpan(each.start_ms, each.end_ms) for each in spoken.sentences]
    in_order = all(one.end_ms <= after.start_ms for one, after in pairwise(spans))
    if not in_order or spans[-1].end_ms > spoken.duration_ms + 1_000:
        raise PackError(_("朗读的时间对不上，不能收。"))
    return spans
