from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0006_refusals")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_waiting"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("is_held", False), ("state__in", ["planned", "due"])),
                fields=["workspace", "route", "due_at"],
                name="message_waiting",
            ),
        ),
    ]
