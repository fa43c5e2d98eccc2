from django.db import migrations
from django.db.models import F

from subtitles.cues import moved_doubts


def count_in_what_was_heard(apps, schema_editor):
    """Doubts were counted in the text as it stood, and those of changed words forgotten. What is
    left of them is counted in what was heard from now on."""
    TrackCue = apps.get_model("subtitles", "TrackCue")
    for row in TrackCue.objects.exclude(doubts=[]).exclude(text=F("heard")):
        row.doubts = moved_doubts(row.text, row.heard, row.doubts)
        row.save(update_fields=["doubts"])
    TrackVersion = apps.get_model("subtitles", "TrackVersion")
    for version in TrackVersion.objects.all():
        for cue in version.cues:
            cue["doubts"] = moved_doubts(cue["text"], cue["heard"], cue["doubts"])
        version.save(update_fields=["cues"])


class Migration(migrations.Migration):

    dependencies = [
        ("subtitles", "0004_subtitles_inside_films"),
    ]

    operations = [
        migrations.RunPython(count_in_what_was_heard, migrations.RunPython.noop),
    ]
