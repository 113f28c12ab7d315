"""Rounds of checks of a referenced service that were concluded."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0006_cycles")]
    operations = [
        migrations.AddField("listing", "checked_round", models.PositiveIntegerField(default=0)),
    ]
