"""Rounds of checks of a referenced service that were concluded."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_picture")]
    operations = [
        migrations.AddField("listing", "checked_round", models.PositiveIntegerField(default=0)),
    ]
