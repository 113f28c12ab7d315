from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import apps.common.ids


class Migration(migrations.Migration):
    dependencies = [("rollout", "0010_held_people")]

    operations = [
        migrations.CreateModel(
            name="OppositionLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("received_at", models.DateTimeField()),
                ("scan_vault_id", models.UUIDField()),
                ("scan_file_id", models.UUIDField()),
                (
                    "opposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="rollout.opposition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("opposition", "scan_file_id"), name="rollout_oppositionletter_once")
                ],
            },
        )
    ]
