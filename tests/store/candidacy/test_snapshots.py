"""What was declared as one canonical text and its hash (STO-10)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.accounts.models import StaffRole
from apps.audit.services import events_of
from apps.store.models import Answer, Candidacy, ConflictDeclaration, Evidence, Sheet, Snapshot
from apps.store.services import snapshots
from apps.store.services.errors import UnknownRowError
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import consent_text, whole
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(pia) -> Candidacy:
    return whole(pia, exchange="read", number="2026-0147")


class TestCanonical:
    def test_sto_10_the_hash_is_that_of_the_text(self, draft):
        text = snapshots.canonical(draft)
        assert snapshots.hash_of(draft) == hashlib.sha256(text.encode()).hexdigest()
        assert json.loads(text)["number"] == "2026-0147"

    def test_keys_are_sorted_and_there_is_no_space_between(self, draft):
        text = snapshots.canonical(draft)
        said = json.loads(text)
        assert text == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert said["answers"]["CRI-SEC-06"]["value"] == "conforme"

    def test_the_same_dossier_gives_the_same_text_each_time(self, draft):
        first = snapshots.canonical(draft)
        assert all(snapshots.canonical(Candidacy.objects.get(id=draft.id)) == first for _ in range(5))

    def test_whatever_the_order_in_which_pieces_came(self, draft):
        factories.evidence(draft, title="B", sha256="b" * 64)
        factories.evidence(draft, title="A", sha256="a" * 64)
        titles = [piece["title"] for piece in json.loads(snapshots.canonical(draft))["evidence"]]
        rows = list(Evidence.objects.filter(candidacy=draft).order_by("-id"))
        assert sorted(titles) == sorted(row.title for row in rows)

    def test_answers_that_do_not_apply_are_left_out(self, draft):
        Answer.objects.create(
            candidacy=draft, criterion="CRI-LEG-07", value="conforme", declared_by=draft.created_by,
            declared_at=draft.created_at,
        )  # fmt: skip
        assert "CRI-LEG-07" not in json.loads(snapshots.canonical(draft))["answers"]

    def test_texts_of_directions_that_are_not_asked_for_are_left_out(self, draft):
        consent_text(draft, "agenda", "write")
        assert list(json.loads(snapshots.canonical(draft))["consent_texts"]) == ["mesures read"]


class TestChange:
    """Every change of what is declared is another hash."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda of: Answer.objects.filter(candidacy=of, criterion="CRI-SEC-06").update(comment="Autre."),
            lambda of: Answer.objects.filter(candidacy=of, criterion="CRI-SEC-01").update(
                data={"hosts": ["b.example"]}
            ),
            lambda of: Answer.objects.filter(candidacy=of, criterion="CRI-SEC-06").update(value="non_conforme"),
            lambda of: Sheet.objects.filter(candidacy=of).update(tagline="Autre."),
            lambda of: of.consent_texts.update(text="Autre."),
            lambda of: Evidence.objects.filter(candidacy=of).update(sha256="f" * 64),
            lambda of: Evidence.objects.filter(candidacy=of).update(criteria=["CRI-SEC-08"]),
            lambda of: Candidacy.objects.filter(id=of.id).update(lane="rembourse"),
            lambda of: Candidacy.objects.filter(id=of.id).update(orientation={**of.orientation, "ai": "yes"}),
            factories.evidence,
        ],
    )
    def test_sto_10_another_word_another_hash(self, draft, change):
        before = snapshots.hash_of(draft)
        change(draft)
        assert snapshots.hash_of(Candidacy.objects.get(id=draft.id)) != before


class TestKeeping:
    def test_sto_10_each_text_once_and_for_good(self, draft):
        declared = snapshots.keep(draft, at=NOON)
        assert snapshots.keep(draft, at=NOON + timedelta(days=1)) == declared
        kept = Snapshot.objects.get()
        assert (kept.text, kept.made_at) == (snapshots.canonical(draft), NOON)

    def test_sto_10_what_an_answer_was_before_a_request_stays(self, draft):
        before = snapshots.keep(draft, at=NOON)
        Answer.objects.filter(candidacy=draft, criterion="CRI-SEC-06").update(value="non_conforme")
        after = snapshots.keep(Candidacy.objects.get(id=draft.id), at=NOON)
        said = {kept.hash: json.loads(kept.text)["answers"]["CRI-SEC-06"]["value"] for kept in Snapshot.objects.all()}
        assert said == {before: "conforme", after: "non_conforme"}

    @pytest.mark.parametrize("change", [{"text": "{}"}, {"made_at": NOON + timedelta(days=1)}])
    def test_sto_10_nobody_changes_one(self, draft, change):
        snapshots.keep(draft, at=NOON)
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            Snapshot.objects.update(**change)
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            Snapshot.objects.all().delete()

    def test_sto_10_the_database_compares_text_and_hash(self, draft):
        with pytest.raises(IntegrityError, match="store_snapshot_hash_of_text"), transaction.atomic():
            Snapshot.objects.create(candidacy=draft, hash="0" * 64, text="{}", made_at=NOON)


class TestReading:
    def test_the_back_office_after_its_declaration(self, draft):
        declared = snapshots.keep(draft, at=NOON)
        Candidacy.objects.filter(pk=draft.pk).update(submitted_at=NOON)
        ada = factories.reviewer(StaffRole.ASSESSOR)
        read = partial(snapshots.declared_text, candidacy_id=draft.pk, declared=declared, at=NOON)
        with pytest.raises(UnknownRowError):
            read(actor=scenes.at_work(ada))
        ConflictDeclaration.objects.create(candidacy=draft, user=ada, has_link=False, at=NOON)
        assert read(actor=scenes.at_work(ada)) == snapshots.canonical(draft)
        assert events_of(draft.publisher_id)[0].action == "store.snapshot.read"

    def test_another_publisher_finds_nothing(self, draft):
        declared = snapshots.keep(draft, at=NOON)
        other = factories.member(publisher=factories.publisher(name="Autre"))
        with pytest.raises(UnknownRowError):
            snapshots.declared_text(
                actor=factories.as_publisher(other), candidacy_id=draft.pk, declared=declared, at=NOON
            )
