"""The invented manufacturers that a newcomer meets: every state, and all readable."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from stdnum.cn import uscc

from lms.manuals.choices import VersionState
from lms.manuals.models import Manual, ManualTally, ManualVersion, Organisation
from lms.manuals.readability.queries import findings_of
from lms.manuals.starter import loading
from media.models import Film
from tests.manuals.conftest import RIGHTS
from tests.units.unit_pages import with_permissions

pytestmark = pytest.mark.django_db

PICTURES = sorted(Path(loading.STARTER_DIR).glob("*/pictures/*.png"))


@pytest.fixture
def staff(django_user_model):
    """The demo accounts that the starter needs."""
    django_user_model.objects.create_superuser(loading.ADMINISTRATOR)
    with_permissions(django_user_model.objects.create_user(loading.REVIEWER), *RIGHTS)
    for maker in loading.MAKERS:
        django_user_model.objects.create_user(maker.account)


def test_a_newcomer_sees_every_state_and_nothing_is_made_twice(staff, settings):
    settings.MANUAL_FILMS = True
    assert len(loading.load_manuals()) == 6
    states = Counter(ManualVersion.objects.values_list("state", flat=True))
    assert states == {
        VersionState.PUBLISHED: 3,
        VersionState.SUBMITTED: 2,  # one of them while its manual is live
        VersionState.RETURNED: 1,
        VersionState.DRAFT: 1,
    }
    assert Manual.objects.shown().count() == 3
    [overdue] = Manual.objects.overdue()
    assert overdue.product.name == "智能音箱"
    [in_review] = Manual.objects.shown().filter(versions__state=VersionState.SUBMITTED)
    assert in_review.published_version.number == 1
    assert ManualTally.objects.filter(step__isnull=False, unclear__gt=0).exists()
    returned = ManualVersion.objects.get(state=VersionState.RETURNED)
    assert "第2步" in returned.reviews.get(outcome="returned").note
    for version in ManualVersion.objects.with_content():
        findings = findings_of(version)
        assert findings == [], version
    assert loading.load_manuals() == []
    assert Organisation.objects.count() == len(loading.MAKERS)
    # Each is asked for, the one for a version that waits while another is live too.
    assert Film.objects.count() == ManualVersion.objects.filter(film__isnull=False).count() == 7


def test_nothing_is_made_without_the_accounts_or_on_a_real_site(staff, settings, django_user_model):
    django_user_model.objects.get(username=loading.REVIEWER).delete()
    assert loading.load_manuals() == []
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="试用"):
        call_command("load_demo_manuals")
    assert not Organisation.objects.exists()


def test_the_codes_are_well_formed_and_of_no_region(staff):
    for maker in loading.MAKERS:
        assert uscc.is_valid(maker.code)
        assert maker.code[2:4] == "99"


def test_every_picture_is_used_and_small():
    used = {
        loading.STARTER_DIR / folder / name
        for maker in loading.MAKERS
        for folder in maker.folders
        for name in loading.starter_package(folder).document.picture_names
    }
    assert used == set(PICTURES)
    assert sum(picture.stat().st_size for picture in PICTURES) < 10**6
    assert {Image.open(picture).size for picture in PICTURES} == {(800, 600)}
