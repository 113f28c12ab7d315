"""Messages that were read and whose sender waits for a receipt are found by an index (MSS-60)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0003_sending")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False), ("receipt_at__isnull", True), ("wants_receipt", True)),
                fields=["read_at", "id"],
                name="mss_message_receipt_due",
            ),
        ),
    ]
