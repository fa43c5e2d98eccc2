from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("课程")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from courses.models import LessonPage
        from courses.reading_aloud import narrate_published_lesson

        page_published.connect(narrate_published_lesson, sender=LessonPage)
