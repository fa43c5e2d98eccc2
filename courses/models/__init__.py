from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.drill import DrillPage
from courses.models.home import HomePage
from courses.models.lesson import LessonPage
from courses.models.practice import PracticePage

__all__ = [
    "ClassroomPage",
    "DrillPage",
    "HomePage",
    "LargePrintPage",
    "LessonPage",
    "PracticePage",
]
