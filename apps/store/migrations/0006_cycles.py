"""What stood before an appeal was won counts no more: agreement, reservations, and the gate of STO-01 (STO-69);
reservations whose day has passed (STO-41).
"""

from __future__ import annotations

from django.db import migrations, models

_GATE = """
CREATE OR REPLACE FUNCTION store_listing_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM store_agendaitem o WHERE o.id = NEW.opinion_id AND o.candidacy_id = NEW.candidacy_id
            AND o.opinion_at = NEW.opinion_at AND o.opinion IN
                ('favorable', 'reserves_non_suspensives', 'reserves_suspensives'))
        OR NOT EXISTS (SELECT FROM store_decision d WHERE d.id = NEW.decision_id AND d.candidacy_id = NEW.candidacy_id
            AND d.kind = 'accept' AND d.decided_at = NEW.decided_at)
        OR NOT EXISTS (SELECT FROM store_agreement a WHERE a.id = NEW.agreement_id
            AND a.candidacy_id = NEW.candidacy_id AND a.signed_at = NEW.signed_at AND a.superseded_at IS NULL)
        OR (SELECT count(DISTINCT s.party) FROM store_signature s WHERE s.agreement_id = NEW.agreement_id) <> 3
        OR EXISTS (SELECT FROM store_reservation r WHERE r.candidacy_id = NEW.candidacy_id
            AND r.is_suspensive AND r.lifted_at IS NULL AND r.superseded_at IS NULL)
    THEN RAISE EXCEPTION 'store_listing_gate' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

_BEFORE = """
CREATE OR REPLACE FUNCTION store_listing_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM store_agendaitem o WHERE o.id = NEW.opinion_id AND o.candidacy_id = NEW.candidacy_id
            AND o.opinion_at = NEW.opinion_at AND o.opinion IN
                ('favorable', 'reserves_non_suspensives', 'reserves_suspensives'))
        OR NOT EXISTS (SELECT FROM store_decision d WHERE d.id = NEW.decision_id AND d.candidacy_id = NEW.candidacy_id
            AND d.kind = 'accept' AND d.decided_at = NEW.decided_at)
        OR NOT EXISTS (SELECT FROM store_agreement a WHERE a.id = NEW.agreement_id
            AND a.candidacy_id = NEW.candidacy_id AND a.signed_at = NEW.signed_at)
        OR (SELECT count(DISTINCT s.party) FROM store_signature s WHERE s.agreement_id = NEW.agreement_id) <> 3
        OR EXISTS (SELECT FROM store_reservation r WHERE r.candidacy_id = NEW.candidacy_id
            AND r.is_suspensive AND r.lifted_at IS NULL)
    THEN RAISE EXCEPTION 'store_listing_gate' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0005_checks")]
    operations = [
        migrations.AddField("agreement", "superseded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("reservation", "superseded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("reservation", "late_at", models.DateTimeField(blank=True, null=True)),
        migrations.RemoveConstraint("agreement", "store_agreement_one_a_candidacy"),
        migrations.AddConstraint(
            "agreement",
            models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("candidacy",),
                name="store_agreement_one_a_candidacy",
            ),
        ),
        migrations.RunSQL(_GATE, _BEFORE),
    ]
