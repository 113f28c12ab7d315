"""What a box holds is summed from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0006_answers_to_requests")]

    operations = [
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["space"], include=["size"], name="mss_attachment_use"),
        ),
    ]
