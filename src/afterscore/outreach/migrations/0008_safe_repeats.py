from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0007_turns_by_route")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="repeat_until",
            field=models.DateTimeField(null=True),
        ),
    ]
