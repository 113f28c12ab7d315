"""One message may go to several boxes under one id; a receipt needs the address that asked for it (MSS-25, MSS-60)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0002_find_kin")]

    operations = [
        migrations.AddField(
            model_name="message", name="receipt_to", field=models.CharField(blank=True, max_length=320)
        ),
        migrations.AlterField(
            model_name="outgoingmail", name="rfc_message_id", field=models.CharField(max_length=255)
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.UniqueConstraint(
                fields=("rfc_message_id", "address"), name="mss_outgoingmail_one_id_a_box"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("message_id__isnull", False)),
                fields=["space", "message_id"],
                name="mss_outgoingmail_message",
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("sending", "being sent"),
                    ("uncertain", "not sure to have left"),
                    ("sent", "handed over"),
                    ("refused", "refused"),
                    ("parked", "could not be sent"),
                ],
                default="waiting",
                max_length=12,
            ),
        ),
    ]
