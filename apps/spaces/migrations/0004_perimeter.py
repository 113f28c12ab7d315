import apps.spaces.models.space
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('spaces', '0003_delegates'),
    ]

    operations = [
        migrations.AddField(
            model_name='healthspace',
            name='services',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), db_default=['dmp', 'mss'], default=apps.spaces.models.space.first_services, size=None),
        ),
    ]
