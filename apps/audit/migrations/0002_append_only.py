"""Lines of the trail are written once: a row trigger for everybody, missing rights for the application's role (SEC-13).

No trigger on TRUNCATE: it would break the flush of test databases; the application's role has no TRUNCATE right anyway.
"""

from django.db import migrations

APPLY = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit lines are append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER audit_auditevent_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditevent FROM ens_app;
    END IF;
END $$;
"""
REVERT = """
DROP TRIGGER audit_auditevent_append_only ON audit_auditevent;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(APPLY, REVERT)]
