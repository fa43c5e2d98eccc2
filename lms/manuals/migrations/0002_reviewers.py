"""The group of staff who review manuals, decide about manufacturers and keep the city's own list of
words; the city may change it."""

from django.db import migrations

GROUP = "说明书审核员"
#: App, model, code name and name of each right, as Django and Wagtail make them after migrating.
RIGHTS = [
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("manuals", "manual", "review_manual", "可以审核说明书"),
    ("manuals", "organisation", "decide_organisation", "可以审核厂商"),
    ("manuals", "plainword", "add_plainword", "Can add 要说得好懂的词"),
    ("manuals", "plainword", "change_plainword", "Can change 要说得好懂的词"),
    ("manuals", "plainword", "delete_plainword", "Can delete 要说得好懂的词"),
    ("manuals", "plainword", "view_plainword", "Can view 要说得好懂的词"),
]


def make_group(apps, schema_editor):
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _is_new = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for app, model, codename, name in RIGHTS:
        content_type, _is_new = content_types.objects.get_or_create(app_label=app, model=model)
        right, _is_new = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("manuals", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
