"""Which blocks a lesson's fields take. A new block is named here and nowhere else."""

from wagtail import blocks

from courses.blocks.quiz import QuizBlock
from courses.blocks.steps import StepBlock


class StepsBlock(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        min_num = 1
        max_num = 9


class QuizzesBlock(blocks.StreamBlock):
    quiz = QuizBlock()

    class Meta:
        max_num = 3
        required = False
