"""What an author withdraws from the record is a kind of notice of its own (MSS-52, DMP-67)."""

from django.db import migrations, models

KINDS = [
    ("new_document", "New document"),
    ("withdrawn_document", "Document withdrawn by its author"),
    ("new_message", "New message"),
    ("announced_result", "Update to discover with a health professional"),
    ("professional_read", "Access by a professional"),
    ("emergency_access", "Access in an emergency"),
    ("security", "Security of your account"),
    ("delegation", "Relatives who help, representatives"),
    ("privacy_change", "Change of a choice about your data"),
    ("administrator", "Professional who administers your space"),
]


class Migration(migrations.Migration):

    dependencies = [("notifications", "0002_new_message")]

    operations = [
        migrations.AlterField(
            model_name=name, name="kind", field=models.CharField(choices=KINDS, max_length=24)
        )
        for name in ("notice", "preference")
    ]
