from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_watched_since")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="channel",
            field=models.CharField(
                choices=[("email", "Mail"), ("in_app", "Application"), ("portal", "Portal")],
                db_default="email",
                default="email",
                max_length=16,
            ),
        ),
    ]
