from django.db import migrations
from django.db.models import F

from subtitles.words import read_list


def start(apps, schema_editor):
    """The words that recognition was made with become the editors' list; and what machines heard,
    where nobody has changed it yet, is remembered as such."""
    HotWord = apps.get_model("subtitles", "HotWord")
    HotWord.objects.bulk_create(
        [HotWord(word=word) for word in dict.fromkeys(read_list("words.txt"))],
        ignore_conflicts=True,
    )
    TrackCue = apps.get_model("subtitles", "TrackCue")
    TrackCue.objects.filter(track__state="machine", track__corrected_at=None).update(heard=F("text"))


class Migration(migrations.Migration):

    dependencies = [
        ("subtitles", "0002_review"),
    ]

    operations = [
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
