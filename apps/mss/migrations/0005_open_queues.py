"""What is not over in both queues is counted by an index, however much has passed through them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0004_receipts_due")]

    operations = [
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(
                condition=models.Q(("state__in", ("received", "parked"))), fields=["state"], name="mss_arrival_open"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "sending", "uncertain", "parked"))),
                fields=["state"],
                name="mss_outgoingmail_open",
            ),
        ),
    ]
