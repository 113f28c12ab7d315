from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("rollout", "0011_opposition_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TrialRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "first notice"),
                            ("again", "notice by post after an e-mail that failed"),
                            ("resent", "new code on demand"),
                            ("majority", "notice at 18"),
                            ("confirm", "confirmation of an opposition that keeps a DMP"),
                            ("failed-opening", "opening that failed"),
                            ("conflict", "two requests that contradict each other"),
                            ("receipt", "receipt"),
                            ("other-parent", "choice of the other representative"),
                        ],
                        max_length=16,
                    ),
                ),
                ("voice", models.CharField(max_length=16)),
                ("asked_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
