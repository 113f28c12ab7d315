"""What constraints of one row cannot say: histories that only grow, one hash for all signatures, the gate of STO-01."""

from __future__ import annotations

from django.db import migrations

_RULES = """
CREATE TRIGGER store_candidacyevent_append_only BEFORE UPDATE OR DELETE ON store_candidacyevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER store_listingevent_append_only BEFORE UPDATE OR DELETE ON store_listingevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER store_signature_append_only BEFORE UPDATE OR DELETE ON store_signature
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER store_snapshot_append_only BEFORE UPDATE OR DELETE ON store_snapshot
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
ALTER TABLE store_snapshot ADD CONSTRAINT store_snapshot_hash_of_text
    CHECK (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex'));

CREATE FUNCTION store_signature_same_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM store_agreement a WHERE a.id = NEW.agreement_id AND a.document_hash = NEW.document_hash)
    THEN RAISE EXCEPTION 'store_signature_same_document' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER store_signature_same_document BEFORE INSERT ON store_signature
    FOR EACH ROW EXECUTE FUNCTION store_signature_same_document();

CREATE FUNCTION store_listing_gate() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER store_listing_gate BEFORE INSERT OR UPDATE OF candidacy_id, opinion_id, decision_id, agreement_id,
    opinion_at, decided_at, signed_at ON store_listing
    FOR EACH ROW EXECUTE FUNCTION store_listing_gate();
"""

_AGAIN = """
DROP TRIGGER store_listing_gate ON store_listing;
DROP FUNCTION store_listing_gate();
DROP TRIGGER store_signature_same_document ON store_signature;
DROP FUNCTION store_signature_same_document();
ALTER TABLE store_snapshot DROP CONSTRAINT store_snapshot_hash_of_text;
DROP TRIGGER store_snapshot_append_only ON store_snapshot;
DROP TRIGGER store_signature_append_only ON store_signature;
DROP TRIGGER store_listingevent_append_only ON store_listingevent;
DROP TRIGGER store_candidacyevent_append_only ON store_candidacyevent;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(_RULES, _AGAIN)]
