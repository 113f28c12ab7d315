"""The application may have the planner look at the two tables that an import fills (PostgreSQL: right to maintain)."""

from django.db import migrations

_GRANT = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
            GRANT MAINTAIN ON accounts_insidentity, rollout_eligibleperson TO ens_app;
        END IF;
    END $$;
"""
_REVOKE = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
            REVOKE MAINTAIN ON accounts_insidentity, rollout_eligibleperson FROM ens_app;
        END IF;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_staff_and_security_events"), ("rollout", "0008_kept_figures")]

    operations = [migrations.RunSQL(_GRANT, _REVOKE)]
