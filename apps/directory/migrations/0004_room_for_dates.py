"""Each extract writes its date on every row (DIR-09): with room in its page a row needs no new entry in any index."""

from django.db import migrations

_TABLES = ("directory_professional", "directory_organisation")


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_lists")]

    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE {table} SET (fillfactor = 45)" for table in _TABLES],
            [f"ALTER TABLE {table} RESET (fillfactor)" for table in _TABLES],
        )
    ]
