"""What Wagtail makes with English names stands on our editors' pages: groups, their workflow, the
root of the pages and that of the collections. What a city has renamed stays as it is."""

from django.db import migrations

#: Model of which app, field, and what Wagtail called it → what it is called here. The first
#: group is also EDITORS of courses/starter/loading.py.
NAMES = [
    ("auth", "Group", "name", {"Editors": "课程编辑", "Moderators": "课程审核员"}),
    ("wagtailcore", "Workflow", "name", {"Moderators approval": "课程审核"}),
    ("wagtailcore", "Task", "name", {"Moderators approval": "课程审核员看一遍"}),
    ("wagtailcore", "Page", "title", {"Root": "全部页面"}),
    ("wagtailcore", "Page", "draft_title", {"Root": "全部页面"}),
    ("wagtailcore", "Collection", "name", {"Root": "全部"}),
]


def rename(apps, *, back):
    for app, model, field, names in NAMES:
        rows = apps.get_model(app, model)._default_manager
        for english, chinese in names.items():
            before, after = (chinese, english) if back else (english, chinese)
            if field == "name" and rows.filter(name=after).exists():
                continue  # groups' names are unique
            found = rows.filter(**{field: before})
            if field != "name":
                found = found.filter(depth=1)
            found.update(**{field: after})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_agreements"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailadmin", "0006_formstate"),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: rename(apps, back=False),
            lambda apps, editor: rename(apps, back=True),
        )
    ]
