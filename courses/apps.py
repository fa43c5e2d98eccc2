from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("课程")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Page, PageViewRestriction, Site
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from courses.covers import cover_published_page, drop_cover_of_page
        from courses.film_text import text_beside_film
        from courses.films.publishing import film_published_lesson, film_published_practice
        from courses.models import LessonPage, PracticePage
        from courses.page_cache import forget_pages, forget_pages_soon
        from courses.reading_aloud import narrate_published_lesson
        from media.models import Cover, Narration, Rendition, Stage, Thumbnail, Video
        from subtitles import lesson_texts
        from subtitles.models import Track

        lesson_texts.register(text_beside_film)
        page_published.connect(narrate_published_lesson, sender=LessonPage)
        page_published.connect(cover_published_page)
        page_unpublished.connect(drop_cover_of_page)
        post_delete.connect(drop_cover_of_page, sender=Page)
        page_published.connect(film_published_lesson, sender=LessonPage)
        for announced in (page_published, page_unpublished):
            announced.connect(film_published_practice, sender=PracticePage)

        for announced in (page_published, page_unpublished, post_page_move):
            announced.connect(forget_pages)
        post_delete.connect(forget_pages, sender=Page)
        for changed in (post_save, post_delete):
            for shown in (PageViewRestriction, Site):
                changed.connect(forget_pages, sender=shown)
            for made in (Cover, Narration, Rendition, Stage, Thumbnail, Track, Video):
                changed.connect(forget_pages_soon, sender=made)
