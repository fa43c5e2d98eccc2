import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def versions_tell_no_times(apps, schema_editor):
    """Versions are compared with what is heard again, so each has all fields."""
    TrackVersion = apps.get_model("subtitles", "TrackVersion")
    for version in TrackVersion.objects.all():
        for cue in version.cues:
            cue.setdefault("word_times", [])
        version.save(update_fields=["cues"])


class Migration(migrations.Migration):

    dependencies = [
        ('subtitles', '0005_doubts_of_what_was_heard'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='trackcue',
            name='seen_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='trackcue',
            name='seen_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='trackcue',
            name='word_times',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(versions_tell_no_times, migrations.RunPython.noop),
    ]
