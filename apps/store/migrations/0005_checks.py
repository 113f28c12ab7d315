from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_snapshot")]

    operations = [
        migrations.AddField(
            model_name="candidacystep", name="errors", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="evidence", name="secrets_tries", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
