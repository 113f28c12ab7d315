from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spaces", "0004_perimeter")]

    operations = [
        migrations.AlterField(
            model_name="healthspace",
            name="closure_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("holder", "asked for by the holder"),
                    ("representative", "asked for by a legal representative"),
                    ("helped", "asked for by phone, post or at a counter"),
                    ("late-opposition", "opposition received in time, entered after the opening"),
                    ("too-late", "asked for with a notice, by somebody who came to oppose after the opening"),
                    ("ex-officio", "malfunction or fraud that could not be corrected"),
                    ("death", "death of the holder"),
                ],
                max_length=32,
            ),
        )
    ]
