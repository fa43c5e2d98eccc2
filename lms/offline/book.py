"""A lesson as a phone keeps it: its pages as they are for nobody, and every answer that they can
ask for.

What a press in the practice or on an answer of the quiz changes is made beforehand, by the same
templates, so that what is played without a network is what is played with one
(docs/decisions/042-kept-on-a-phone.md).
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from courses.models import LessonPage, PracticePage
from courses.my_learning.views import unclear
from courses.page_cache import SECONDS, void_since
from courses.practice import HELP, Practice, PracticeMoment, play
from courses.practice.play import HELP_AFTER, Screen
from courses.progress.models import LessonMark
from lms.accounts.display import display_of
from lms.accounts.nobody import as_nobody
from lms.offline.files import bytes_of, files_of
from media.models import Video

#: In the table of a practice, where nothing has been pressed yet.
NO_PRESS: Final = "-"
#: Of a film, so much comes at a time; what has come is not asked for again after a cut.
PIECE_BYTES: Final = 512 * 1024


def mark_of_news(request: HttpRequest) -> str:
    """Changes with whatever may change a page, and with how this screen looks. It says no more than
    that it is worth looking."""
    return f"{void_since()} {settings.VERSION} {display_of(request)}"


def book_of(request: HttpRequest, lesson: LessonPage) -> dict[str, Any]:
    """As it is sent; made once for every look, until a page changes."""
    key = f"kept-{lesson.pk}-{request.scheme}-{request.get_host()}-{display_of(request)}"
    key = f"book-{sha256(key.encode()).hexdigest()}"
    mark = mark_of_news(request)
    kept = caches["pages"].get(key) if settings.KEEPS_PAGES else None
    if isinstance(kept, tuple) and kept[0] == mark:
        return dict(kept[1])
    made = make_book(request, lesson)
    if settings.KEEPS_PAGES:
        with suppress(OSError):  # the disk is full
            caches["pages"].set(key, (mark, made), SECONDS)
    return made


def make_book(request: HttpRequest, lesson: LessonPage) -> dict[str, Any]:
    lesson_part = of_lesson(request, lesson)
    practice = PracticePage.objects.live().child_of(lesson).first()
    practice_part = practice and of_practice(request, practice)
    unclear_part = of_unclear(request, lesson)
    texts = [lesson_part["html"], unclear_part["html"], *lesson_part["learnt"].values()]
    if practice_part:
        texts += [practice_part["html"], *practice_part["parts"]]
    film = of_film(lesson.film_to_watch)
    files: list[dict[str, Any]] = [
        {"url": url, "bytes": bytes_of(url), "stays": url.startswith(settings.MEDIA_URL)}
        for url in files_of(texts)
    ]
    book = {
        "lesson": lesson.pk,
        "title": lesson.title,
        "url": lesson_part["url"],
        "parts": {"lesson": lesson_part, "practice": practice_part, "unclear": unclear_part},
        "files": files,
        "film": film,
        "other_film": lesson.film_to_watch is not None and film is None,
    }
    written = json.dumps(book, ensure_ascii=False, sort_keys=True).encode()
    size = len(written) + sum(each["bytes"] for each in files) + (film["bytes"] if film else 0)
    return book | {"bytes": size, "version": sha256(written).hexdigest()[:16]}


def of_film(film: Video | None) -> dict[str, Any] | None:
    """The smallest picture that there is, which stands for all others. None: there is none, or it
    comes from another host, from which a phone keeps nothing."""
    if film is None or not film.moving_renditions:
        return None
    smallest = film.moving_renditions[-1]
    if not smallest.file.url.startswith("/"):
        return None
    return {
        "url": smallest.file.url,
        "bytes": smallest.size_bytes,
        "piece": PIECE_BYTES,
        "stands_for": [each.file.url for each in film.moving_renditions],
    }


def of_lesson(request: HttpRequest, lesson: LessonPage) -> dict[str, Any]:
    """Its page, each quiz with each answer, and what stands at its end by how far one has come."""
    nobody = as_nobody(request, lesson.get_url(request))
    response: Any = lesson.serve(nobody)
    response.render()
    context = {**response.context_data, "page": lesson, "self": lesson, "request": nobody}
    quizzes = []
    for number, block in enumerate(lesson.quizzes, start=1):
        numbered = {**context, "quiz_number": number, "chosen_quiz": number}
        before = block.render({**numbered, "chosen_answer": None})
        after = [
            block.render({**numbered, "chosen_answer": choice})
            for choice in range(len(block.value["options"]))
        ]
        quizzes.append({"before": before, "after": after})
    return {
        "url": nobody.path,
        "html": with_one_source(response.content.decode(), of_film(lesson.film_to_watch)),
        "quizzes": quizzes,
        "learnt": learnt_parts(lesson),
    }


def with_one_source(html: str, film: dict[str, Any] | None) -> str:
    """The page asks for the film that is kept, and for none that is larger."""
    for other in film["stands_for"] if film else ():
        if film and other != film["url"]:
            html = re.sub(rf'<source src="{re.escape(escape(other))}"[^>]*>\s*', "", html)
    return html


def learnt_parts(lesson: LessonPage) -> dict[str, str]:
    """What stands at its end: before anything was done, and after each thing that changes it."""
    now = timezone.now()
    marks = {
        "before": LessonMark(),
        "read": LessonMark(read_at=now),
        "quiz": LessonMark(quiz_at=now),
        "done": LessonMark(read_at=now, quiz_at=now, done_at=now),
    }
    page = {"pk": lesson.pk, "quizzes": lesson.has_quiz}
    return {
        name: render_to_string("courses/parts/learnt.html", {"page": {**page, "mark": mark}})
        for name, mark in marks.items()
    }


def of_practice(request: HttpRequest, practice: PracticePage) -> dict[str, Any]:
    """Its page, with every moment that presses lead to: `moments` says which of `parts` an address
    asks for, and the last of them is the end."""
    nobody = as_nobody(request, practice.get_url(request))
    response: Any = practice.serve(nobody)
    response.render()
    context = {**response.context_data, "page": practice, "self": practice, "request": nobody}

    def drawn(moment: PracticeMoment) -> str:
        return render_to_string(
            "courses/practice/player.html", {**context, "moment": moment}, request=nobody
        )

    parts: list[str] = []
    places: dict[tuple[Any, ...], int] = {}
    moments: dict[str, int] = {}
    for asked, moment in every_moment(practice.practice):
        pressed = moment.pressed.id if moment.pressed else None
        screen = moment.screen.id if moment.screen else None
        known = (screen, moment.misses, pressed, moment.typed)
        if known not in places:
            places[known] = len(parts)
            parts.append(drawn(moment))
        moments[asked] = places[known]
    end = places[(None, 0, None, 0)]
    return {
        "url": nobody.path,
        "html": response.content.decode(),
        "parts": parts,
        "moments": moments,
        "end": end,
    }


def every_moment(practice: Practice) -> Iterator[tuple[str, PracticeMoment]]:
    """Each with what asks for it: screen, press, misses and keys typed, divided by bars."""
    yield f"|{NO_PRESS}|0|0", play(practice)
    for screen in practice.screens:
        yield f"{screen.id}|{NO_PRESS}|0|0", play(practice, screen=screen.id)
        for press in presses_on(screen):
            for misses in range(HELP_AFTER + 1):
                for typed in keys_on(screen):
                    moment = play(
                        practice, screen=screen.id, press=press, misses=misses, typed=typed
                    )
                    yield f"{screen.id}|{press}|{misses}|{typed}", moment
    yield f"END|{NO_PRESS}|0|0", play(practice, screen="END")


def presses_on(screen: Screen) -> list[str]:
    """Whatever can be pressed there, the ground and the button that helps among it."""
    helped = [HELP] if screen.right_widget else []
    return ["", *helped, *(widget.id for widget in screen.widgets if widget.target)]


def keys_on(screen: Screen) -> range:
    """How many keys of its number pad can have been typed."""
    if not screen.has_keypad:
        return range(1)
    return range(max(widget.keys for widget in screen.widgets) + 1)


def of_unclear(request: HttpRequest, lesson: LessonPage) -> dict[str, Any]:
    """What is answered to 没看懂."""
    address = reverse("my:unclear", args=[lesson.pk])
    response = unclear(as_nobody(request, address, "told=0"), lesson.pk)
    return {"url": address, "html": response.content.decode()}
