"""Seals, checkpoints and the queue of lines that wait (SEC-13). Nobody changes or deletes a seal or a checkpoint.

The queue is filled by a trigger in the writer's own transaction: no lock, nothing missed when a line commits late.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

APPLY = """
CREATE FUNCTION audit_line_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealedline (scope_id, line_id) SELECT scope_id, id FROM written;
    RETURN NULL;
END;
$$;
CREATE TRIGGER audit_auditevent_waits AFTER INSERT ON audit_auditevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION audit_line_waits();
INSERT INTO audit_unsealedline (scope_id, line_id) SELECT scope_id, id FROM audit_auditevent ORDER BY id;
CREATE TRIGGER audit_auditseal_append_only BEFORE UPDATE OR DELETE ON audit_auditseal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_auditcheckpoint_append_only BEFORE UPDATE OR DELETE ON audit_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditseal, audit_auditcheckpoint FROM ens_app;
        REVOKE UPDATE, TRUNCATE ON audit_unsealedline FROM ens_app;
    END IF;
END $$;
"""
REVERT = """
DROP TRIGGER audit_auditcheckpoint_append_only ON audit_auditcheckpoint;
DROP TRIGGER audit_auditseal_append_only ON audit_auditseal;
DROP TRIGGER audit_auditevent_waits ON audit_auditevent;
DROP FUNCTION audit_line_waits();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="UnsealedLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope_id", models.UUIDField()),
                ("line_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("pk", models.CompositePrimaryKey("scope_id", "seq", blank=True, editable=False, primary_key=True, serialize=False)),
                ("scope_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("line_id", models.UUIDField()),
                ("prev", models.BinaryField()),
                ("mac", models.BinaryField()),
                ("key_version", models.SmallIntegerField()),
                ("form", models.SmallIntegerField()),
                ("checkpoint", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=["checkpoint"], name="audit_auditseal_checkpoint"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("scope_id", "line_id"), name="audit_auditseal_one_a_line"),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="audit_auditseal_counts_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("lines", models.IntegerField()),
                ("total", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("prev", models.BinaryField()),
                ("mac", models.BinaryField()),
                ("key_version", models.SmallIntegerField()),
            ],
        ),
        migrations.RunSQL(APPLY, REVERT),
    ]
