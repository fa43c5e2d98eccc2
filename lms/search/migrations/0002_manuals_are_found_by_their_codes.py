from django.db import migrations


def read_manuals_again(apps, schema_editor):
    """For the codes that their entries lack; the next search or job reads them."""
    apps.get_model("search", "SearchEntry").objects.filter(kind="manual").update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(read_manuals_again, migrations.RunPython.noop)]
