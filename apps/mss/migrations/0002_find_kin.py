"""Messages that name the same ones are found by an index, however large a mailbox grows (MSS-30)."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="message", index=models.Index(fields=["space", "answers"], name="mss_message_answers")
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(fields=["references"], name="mss_message_references"),
        ),
    ]
