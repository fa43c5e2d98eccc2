import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.rosters.models import RosterImport
from tests.rosters.roster_files import HEADINGS, xlsx


@pytest.fixture
def send_roster(as_, cast):
    """Sends a list of learners to the class, or to `where`; gives back the page that answers."""

    def send(rows, who="teacher", where=None, name="名单.xlsx", content=None):
        file = SimpleUploadedFile(name, content or xlsx([HEADINGS, *rows]))
        url = where or f"/classes/{cast.class_group.pk}/roster/"
        return as_(who).post(url, {"file": file}, follow=True)

    return send


@pytest.fixture
def on_roster(client):
    """Presses a button on the page of the newest list; r2 answers its second line."""

    def press(button, **answers):
        roster = RosterImport.objects.latest("pk")
        sent = {"do": button, **{f"row-{line[1:]}": choice for line, choice in answers.items()}}
        return client.post(f"/classes/rosters/{roster.pk}/", sent, follow=True)

    return press


@pytest.fixture
def undo_roster(as_):
    """Takes the newest import back."""

    def undo(who="teacher"):
        roster = RosterImport.objects.latest("pk")
        return as_(who).post(f"/classes/rosters/{roster.pk}/undo/", follow=True)

    return undo
