"""What the tables refuse by themselves, whoever writes (STO-01, STO-19, STO-45, decisions.md 26): direct SQL."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.store.models import Appeal, Decision, Listing
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


@contextmanager
def refused_by(name: str):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def copy(table: str, row_id: object, **changes: object) -> None:
    """Insert a copy of a row with other values, by SQL alone: what nobody's code looks at."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [row_id])  # noqa: S608  names of the test
        names = [column.name for column in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True)) | changes
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row_id])  # noqa: S608  the same
        cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608  the same


class TestDecision:
    def row(self) -> Decision:
        return scenes.decision(scenes.opined("defavorable"))

    def test_the_same_row_is_accepted(self):
        row = self.row()
        copy("store_decision", row.pk)
        assert Decision.objects.get() == row

    @pytest.mark.parametrize("part", ["assessor_id", "second_reader_id"])
    def test_sto_19_decided_by_whoever_judged(self, part):
        row = self.row()
        with refused_by("store_decision_nobody_judges_twice"):
            copy("store_decision", row.pk, decided_by_id=getattr(row, part))

    @pytest.mark.parametrize("part", ["assessor_id", "second_reader_id"])
    def test_sto_19_confirmed_by_whoever_judged(self, part):
        row = self.row()
        with refused_by("store_decision_nobody_judges_twice"):
            copy("store_decision", row.pk, confirmed_by_id=getattr(row, part), confirmed_at=NOON)

    def test_decisions_26_confirmed_by_whoever_decided(self):
        row = self.row()
        with refused_by("store_decision_confirmed_by_another"):
            copy("store_decision", row.pk, confirmed_by_id=row.decided_by_id, confirmed_at=NOON)

    @pytest.mark.parametrize("kind", ["refuse", "suspend", "withdraw"])
    def test_decisions_26_notified_before_it_is_confirmed(self, kind):
        row = self.row()
        with refused_by("store_decision_notified_when_confirmed"):
            copy("store_decision", row.pk, kind=kind, notified_at=NOON)

    @pytest.mark.parametrize("column", ["ground", "facts"])
    def test_sto_11_without_reasons(self, column):
        row = self.row()
        with refused_by("store_decision_has_reasons"):
            copy("store_decision", row.pk, **{column: ""})

    def test_confirmed_before_it_was_decided(self):
        row = self.row()
        with refused_by("store_decision_confirmed_after"):
            copy(
                "store_decision", row.pk, confirmed_by_id=scenes.person().pk,
                confirmed_at=row.decided_at - timedelta(seconds=1),
            )  # fmt: skip


class TestAppeal:
    def row(self) -> Appeal:
        dossier = factories.candidacy(Status.APPEAL)
        decision = scenes.decision(dossier)
        return Appeal.objects.create(
            candidacy=dossier, decision=decision, kind="gracieux", text="x", filed_by=dossier.created_by, filed_at=NOON,
            due_at=NOON, decided_by=decision.decided_by, confirmed_by=scenes.person(),
        )  # fmt: skip

    @pytest.mark.parametrize("part", ["decided_by_id", "confirmed_by_id"])
    def test_sto_45_handled_by_whoever_decided_or_confirmed(self, part):
        row = self.row()
        with refused_by("store_appeal_handled_by_others"):
            copy("store_appeal", row.pk, handled_by_id=getattr(row, part))

    def test_sto_69_closed_without_reasons(self):
        row = self.row()
        with refused_by("store_appeal_closed_with_reasons"):
            copy("store_appeal", row.pk, outcome="upheld", closed_at=NOON, handled_by_id=scenes.person().pk)

    def test_sto_68_two_open_appeals(self):
        row = self.row()
        with refused_by("store_appeal_one_open_a_candidacy"):
            Appeal.objects.create(
                candidacy=row.candidacy, kind="gracieux", text="y", filed_by=row.filed_by, filed_at=NOON, due_at=NOON
            )


class TestGate:
    """STO-01: no listing without three dated records of its own dossier."""

    def test_the_same_listing_is_accepted(self):
        row = factories.listing()
        copy("store_listing", row.pk)
        assert Listing.objects.get() == row

    @pytest.mark.parametrize(
        "spoil",
        [
            "UPDATE store_agendaitem SET opinion = 'defavorable' WHERE candidacy_id = %s",
            "UPDATE store_agendaitem SET opinion_at = opinion_at - interval '1 day' WHERE candidacy_id = %s",
            "UPDATE store_decision SET kind = 'require_lift' WHERE candidacy_id = %s",
            "UPDATE store_decision SET decided_at = decided_at - interval '1 day' WHERE candidacy_id = %s",
            "UPDATE store_agreement SET signed_at = NULL WHERE candidacy_id = %s",
        ],
    )
    def test_sto_01_a_record_that_is_missing_or_of_another_day(self, spoil):
        row = factories.listing()
        sql(spoil, row.candidacy_id)
        with refused_by("store_listing_gate"):
            copy("store_listing", row.pk)

    def test_sto_01_records_of_another_dossier(self):
        row, other = factories.listing(), factories.listing()
        with refused_by("store_listing_gate"):
            copy("store_listing", row.pk, decision_id=other.decision_id)
        with refused_by("store_listing_gate"):
            sql("UPDATE store_listing SET opinion_id = %s WHERE id = %s", other.opinion_id, row.pk)

    def test_sto_41_an_open_suspensive_reservation(self):
        row = factories.listing()
        scenes.reserved(row.candidacy)
        with refused_by("store_listing_gate"):
            copy("store_listing", row.pk)

    def test_published_before_its_records(self):
        row = factories.listing()
        with refused_by("store_listing_published_after_all_three"):
            copy("store_listing", row.pk, published_at=row.signed_at - timedelta(seconds=1))


class TestSignatures:
    def test_decisions_37_over_another_hash(self):
        _opinion, _decision, agreement = factories.three_records(factories.candidacy(Status.AGREEMENT))
        with refused_by("store_signature_same_document"):
            sql(
                "INSERT INTO store_signature (id, agreement_id, party, user_id, name, document_hash, at) "
                "VALUES (gen_random_uuid(), %s, 'cnam', %s, 'x', %s, now())",
                agreement.pk, scenes.person().pk, "b" * 64,
            )  # fmt: skip

    @pytest.mark.parametrize("act", ["DELETE FROM store_signature", "UPDATE store_signature SET name = 'y'"])
    def test_signatures_stay_as_they_are(self, act):
        factories.three_records(factories.candidacy(Status.AGREEMENT))
        with pytest.raises(Exception, match=r"append|refuse|change"), transaction.atomic():
            sql(act)


class TestCommission:
    def test_sto_59_an_opinion_without_voters_or_hour(self):
        item = scenes.before(scenes.session())
        for values in ("opinion = 'favorable'", "opinion = 'favorable', opinion_at = now(), quorum = 0"):
            with refused_by("store_agendaitem_opinion_is_whole"):
                sql(f"UPDATE store_agendaitem SET {values} WHERE id = %s", item.pk)  # noqa: S608  the same

    def test_one_vote_a_member(self):
        item, seats = scenes.before(scenes.session()), scenes.members(1)
        scenes.voted(item, seats, "pour")
        with refused_by("store_vote_one_a_member"):
            scenes.voted(item, seats, "contre")

    def test_sto_63_lifted_without_an_answer_or_by_whoever_gave_it(self):
        row = scenes.reserved(factories.candidacy(Status.RESERVATIONS))
        who = scenes.person().pk
        with refused_by("store_reservation_lifted_on_an_answer"):
            sql("UPDATE store_reservation SET lifted_by_id = %s, lifted_at = now() WHERE id = %s", who, row.pk)
        with refused_by("store_reservation_lifted_by_another"):
            sql(
                "UPDATE store_reservation SET answered_by_id = %s, answered_at = now(), lifted_by_id = %s, "
                "lifted_at = now() WHERE id = %s",
                who, who, row.pk,
            )  # fmt: skip
