from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="import", name="byte_offset"),
        migrations.RemoveField(model_name="import", name="path"),
        migrations.AddField(
            model_name="import",
            name="accounts_created",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="import",
            name="digest",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="profile",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="refusal",
            name="cells",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["workspace", "-created_at"], name="import_by_time"),
        ),
    ]
