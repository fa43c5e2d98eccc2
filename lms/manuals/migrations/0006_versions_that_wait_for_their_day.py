from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("manuals", "0005_people_notes_and_undo")]

    operations = [
        migrations.RemoveConstraint("manualversion", "a_manual_has_one_open_version"),
        migrations.RemoveConstraint("manualversion", "a_versions_state_is_a_known_one"),
        migrations.AlterField(
            "manualversion",
            "state",
            models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("submitted", "正在审核"),
                    ("returned", "退回修改"),
                    ("planned", "等着发布"),
                    ("published", "已发布"),
                    ("past", "旧版"),
                    ("withdrawn", "已撤回"),
                ],
                default="draft",
                max_length=9,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            "manualversion",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "submitted", "planned"))),
                fields=("manual",),
                name="a_manual_has_one_open_version",
            ),
        ),
        migrations.AddConstraint(
            "manualversion",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "submitted",
                            "returned",
                            "planned",
                            "published",
                            "past",
                            "withdrawn",
                        ],
                    )
                ),
                name="a_versions_state_is_a_known_one",
            ),
        ),
    ]
