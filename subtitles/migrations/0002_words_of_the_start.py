from django.db import migrations

from subtitles.chinese.words import read_list


def start(apps, schema_editor):
    """The words that came with the program become the list that editors keep."""
    HotWord = apps.get_model("subtitles", "HotWord")
    HotWord.objects.bulk_create(
        [HotWord(word=word) for word in dict.fromkeys(read_list("words.txt"))],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("subtitles", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(start, migrations.RunPython.noop),
    ]
