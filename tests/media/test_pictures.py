"""A photograph is shown as it was held, though its camera lay on the side."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.images.models import Filter

from media.models import Picture

pytestmark = pytest.mark.django_db
ORIENTATION = 0x0112
TURNED_RIGHT = 6


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("spec", ["max-165x165", "fill-300x186", "max-1080x1920"])
def test_a_picture_is_upright_in_lists_choosers_and_lessons(spec):
    file, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    photograph = Image.new("RGB", (400, 200), "navy")
    photograph.paste("orange", (0, 0, 40, 200))  # what lies left is above once it is upright
    photograph.save(file, "JPEG", exif=exif)
    picture = Picture.objects.create(title="一", file=ContentFile(file.getvalue(), "a.jpg"))
    made = io.BytesIO()
    Filter(spec=spec).run(picture, made)  # what get_rendition keeps
    with Image.open(made) as shown:
        assert shown.getexif().get(ORIENTATION, 1) == 1
        if spec.startswith("max"):
            assert shown.height > shown.width
            colour = shown.convert("RGB").getpixel((shown.width // 2, 2))
            assert isinstance(colour, tuple)
            assert colour[0] > colour[2]  # red above blue
