import apps.common.ids
import apps.spaces.models.relations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dmp', '0004_hidden_by_default'),
        ('spaces', '0005_too_late_to_oppose'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('pk', models.CompositePrimaryKey('space_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False)),
                ('document_id', models.UUIDField()),
                ('marks', models.TextField(blank=True, db_collation='C')),
                ('sealed', models.BinaryField(null=True)),
                ('figures', models.BinaryField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('document', apps.spaces.models.relations.SpaceRelation(column='document_id', on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='dmp.document')),
                ('space', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spaces.healthspace')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at', 'id'], name='dmp_wording_due')],
                'constraints': [apps.spaces.models.relations.SameSpace(column='document_id', name='dmp_wording_document_same_space', to='dmp.Document'), models.UniqueConstraint(fields=('space', 'document_id'), name='dmp_wording_one_a_document'), models.CheckConstraint(condition=models.Q(('due_at__isnull', False), ('made_at__isnull', False), _connector='OR'), name='dmp_wording_due_until_made')],
            },
        ),
        # Marks are looked through, a whole space at a time: they stay in the row. The sealed text never does, and is
        # packed already.
        migrations.RunSQL(
            sql="""
                ALTER TABLE dmp_wording ALTER COLUMN marks SET STORAGE MAIN;
                ALTER TABLE dmp_wording ALTER COLUMN sealed SET STORAGE EXTERNAL;
                ALTER TABLE dmp_wording ALTER COLUMN figures SET STORAGE EXTERNAL;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
