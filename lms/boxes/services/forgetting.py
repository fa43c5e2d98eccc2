"""What becomes of lines that name somebody who is erased."""

from lms.boxes.choices import LineKind
from lms.boxes.models import Arrived, HeldLine
from lms.people.models import Learner


def forget_lines_of(learner: Learner) -> None:
    """Lines that were held and name the learner are gone, and so is the name that a box gave. On a
    box whose city has not got the journal yet that still has the name in it: the city erases what
    it gets, as soon as it hears the number."""
    HeldLine.objects.filter(numbers__contains=f" {learner.number} ").delete()
    arrived = Arrived.objects.filter(kind=LineKind.LEARNER, row=learner.pk)
    for there in arrived.exclude(number_there="").values_list("number_there", flat=True):
        HeldLine.objects.filter(numbers__contains=f" {there} ").delete()
