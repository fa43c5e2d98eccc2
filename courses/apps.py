from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("课程")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Page, PageViewRestriction, Site
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from courses.film_text import text_beside_film
        from courses.models import LessonPage
        from courses.page_cache import forget_pages
        from courses.reading_aloud import narrate_published_lesson
        from media.models import Narration, Rendition, Stage, Thumbnail, Video
        from subtitles import lesson_texts
        from subtitles.models import Track

        lesson_texts.register(text_beside_film)
        page_published.connect(narrate_published_lesson, sender=LessonPage)

        for announced in (page_published, page_unpublished, post_page_move):
            announced.connect(forget_pages)
        post_delete.connect(forget_pages, sender=Page)
        of_films = (Narration, Rendition, Stage, Thumbnail, Track, Video)
        for shown in (PageViewRestriction, Site, *of_films):
            post_save.connect(forget_pages, sender=shown)
            post_delete.connect(forget_pages, sender=shown)
