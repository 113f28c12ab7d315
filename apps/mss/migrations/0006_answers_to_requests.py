"""What became of a request to replace or to withdraw a document (MSS-52); those without an answer by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("mss", "0005_open_queues")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("replaced", "replaced"),
                    ("withdrawn", "withdrawn"),
                    ("not-saved", "nothing to change"),
                    ("900", "not about the last version"),
                    ("901", "not by the author"),
                    ("refused", "refused by the record"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(
                    models.Q(models.Q(("replaces", ""), _negated=True), ("is_withdrawal", True), _connector="OR"),
                    ("answer", ""),
                    ("held", ""),
                ),
                fields=["id"],
                name="mss_attachment_request",
            ),
        ),
    ]
