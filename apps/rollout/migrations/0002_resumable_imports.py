import django.db.models.deletion
from django.db import migrations, models

from apps.rollout.validation.columns import COLUMNS

# One import at a time holds the lock, so one set of tables is enough. UNLOGGED: the file can be read again, its lines
# need no place in the log; a server that crashes empties them and the run begins anew.
_MAKE = f"""
    CREATE UNLOGGED TABLE rollout_stage (
        line integer PRIMARY KEY, fingerprint text NOT NULL, folded_family text NOT NULL,
        folded_first_given text NOT NULL, {", ".join(f"{column} text NOT NULL" for column in COLUMNS)},
        identity_id uuid NOT NULL DEFAULT uuidv7(), is_known boolean NOT NULL DEFAULT false
    );
    CREATE UNLOGGED TABLE rollout_finding (
        id bigint GENERATED ALWAYS AS IDENTITY, line integer NOT NULL, field text NOT NULL, code text NOT NULL,
        severity text NOT NULL, other_line integer
    );
    CREATE UNLOGGED TABLE rollout_double (
        line integer NOT NULL, number text NOT NULL, authority text NOT NULL, other_line integer,
        matricule text NOT NULL, oid text NOT NULL
    );
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
            GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, MAINTAIN
                ON rollout_stage, rollout_finding, rollout_double TO ens_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('rollout', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='size',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='importrun',
            name='phase',
            field=models.CharField(choices=[('staging', 'reading the file'), ('comparing', 'comparing'), ('applying', 'writing')], default='staging', max_length=16),
        ),
        migrations.AddField(
            model_name='importrun',
            name='next_place',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='importrun',
            name='next_line',
            field=models.PositiveIntegerField(default=2),
        ),
        migrations.AddField(
            model_name='importrun',
            name='staged',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='ImportSlice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_line', models.PositiveIntegerField()),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='slices', to='rollout.importrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'first_line'), name='rollout_importslice_written_once')],
            },
        ),
        migrations.RunSQL(_MAKE, "DROP TABLE rollout_stage, rollout_finding, rollout_double"),
    ]
