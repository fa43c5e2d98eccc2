from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.home import HomePage
from courses.models.lesson import LessonPage

__all__ = ["ClassroomPage", "HomePage", "LargePrintPage", "LessonPage"]
