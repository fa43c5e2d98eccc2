"""Documents of the admin are private until something that is published leads to them."""

import stat
import uuid
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from wagtail.models import Page, ReferenceIndex

from media.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = Attachment(title="通知")
    document.file.save("notice.pdf", ContentFile(b"%PDF-1.4 notice"))
    document.save()
    return document


def test_nobody_opens_one_to_which_nothing_leads_but_who_may_enter_the_admin(
    client, admin_client, django_user_model, document
):
    assert client.get(document.url).status_code == 404
    client.force_login(django_user_model.objects.create_user("learner"))
    assert client.get(document.url).status_code == 404
    assert admin_client.get(document.url).status_code == 200


def test_the_file_is_for_the_sites_own_user_alone(document):
    path = Path(document.file.path)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]


def test_it_is_for_everybody_while_a_live_page_leads_to_it(client, document):
    page = Page.objects.get(depth=2)
    of_pages = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.create(
        base_content_type=of_pages,
        content_type=of_pages,
        object_id=str(page.pk),
        to_content_type=ContentType.objects.get_for_model(Attachment),
        to_object_id=str(document.pk),
        model_path="body",
        content_path="body",
        content_path_hash=uuid.uuid4(),
    )
    assert client.get(document.url).status_code == 200
    page.live = False
    page.save()
    assert client.get(document.url).status_code == 404
