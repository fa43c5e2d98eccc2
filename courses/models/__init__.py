from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.drill import DrillPage
from courses.models.home import HomePage
from courses.models.lesson import LessonPage
from courses.models.practice import PracticePage
from courses.models.shelf import (
    CoursePage,
    CoursesLesson,
    ShelfPage,
    StoryPage,
    TeacherPage,
    TeachersLesson,
)

__all__ = [
    "ClassroomPage",
    "CoursePage",
    "CoursesLesson",
    "DrillPage",
    "HomePage",
    "LargePrintPage",
    "LessonPage",
    "PracticePage",
    "ShelfPage",
    "StoryPage",
    "TeacherPage",
    "TeachersLesson",
]
