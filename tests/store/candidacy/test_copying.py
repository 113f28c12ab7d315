"""A new draft of a dossier that has come to its end (PU-10, STO-33, STO-53)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.store import criteria, subjects
from apps.store.models import Candidacy
from apps.store.services import copying, sheets, snapshots
from apps.store.services.answering import content_of
from apps.store.services.errors import UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import CONSENT, whole

pytestmark = pytest.mark.django_db


def copy(by, candidacy, *, new_id=None) -> Candidacy:
    return copying.copy(actor=factories.as_publisher(by), candidacy_id=candidacy.id, new_id=new_id or uuid7(), at=NOON)


@pytest.fixture
def refused(pia) -> Candidacy:
    made = whole(pia, exchange="read")
    Candidacy.objects.filter(id=made.id).update(status=Status.REFUSED, submitted_at=NOON, submitted_by=pia.user)
    made.refresh_from_db()
    return made


class TestCopy:
    def test_pu_10_answers_page_texts_and_pieces_are_there(self, pia, refused):
        made = copy(pia, refused)
        assert (made.status, made.copied_from_id, made.service_id) == (
            Status.DRAFT, refused.id, refused.service_id,
        )  # fmt: skip
        assert made.number != refused.number
        assert made.orientation == refused.orientation
        old = {row.criterion: content_of(row) for row in refused.answers.all()}
        assert {row.criterion: content_of(row) for row in made.answers.all()} == old
        assert sheets.contents_of(made.sheets.get()) == sheets.contents_of(refused.sheets.get())
        assert {name: getattr(made.consent_texts.get(), name) for name in CONSENT} == CONSENT
        mine, theirs = subjects.current_evidence(made).get(), subjects.current_evidence(refused).get()
        assert mine.id != theirs.id
        assert (mine.vault_id, mine.file_id, mine.criteria) == (theirs.vault_id, theirs.file_id, theirs.criteria)

    def test_it_could_be_sent_as_it_stands(self, pia, refused):
        assert tuple(subjects.missing_to_submit(copy(pia, refused))) == ()

    def test_the_former_one_stays_as_it_was(self, pia, refused):
        before = snapshots.canonical(refused)
        copy(pia, refused)
        assert snapshots.canonical(Candidacy.objects.get(id=refused.id)) == before

    def test_the_trail_says_from_which(self, pia, refused):
        made = copy(pia, refused)
        lines = {line.action: line for line in events_of(pia.publisher_id)}
        assert lines["store.candidacy.copy"].facts == {"source": str(refused.id)}
        assert lines["store.candidacy.copy"].target == f"candidacy:{made.id}"
        assert "store.candidacy.create" in lines

    @pytest.mark.parametrize("status", Status)
    def test_sto_53_only_of_what_has_come_to_an_end_without_success(self, pia, status):
        source = factories.candidacy(status, by=pia)
        if status in copying.COPIED:
            assert copy(pia, source).copied_from_id == source.id
        else:
            with pytest.raises(WrongValueError):
                copy(pia, source)

    def test_s32_not_beside_another_one_that_is_not_at_its_end(self, pia, refused):
        first = copy(pia, refused)
        with pytest.raises(UnfinishedError) as caught:
            copy(pia, refused)
        assert caught.value.candidacy_id == first.id

    def test_sent_twice_it_is_one(self, pia, refused):
        wanted = uuid7()
        assert copy(pia, refused, new_id=wanted).id == copy(pia, refused, new_id=wanted).id
        assert refused.copies.count() == 1

    def test_that_of_another_publisher_does_not_exist(self, pia):
        with pytest.raises(UnknownRowError):
            copy(pia, factories.candidacy(Status.REFUSED))

    def test_a_piece_that_was_taken_away_is_not_copied(self, pia, refused):
        gone = factories.evidence(refused, title="Retirée")
        gone.removed_at, gone.removed_by = NOON, pia.user
        gone.save()
        assert [piece.title for piece in subjects.current_evidence(copy(pia, refused))] == ["Preuves"]


class TestNewVersion:
    """STO-33: answers to criteria that ask the same are kept."""

    BEFORE = criteria.criteria_of("2026-1")

    def test_the_same_version_keeps_all(self):
        assert copying.unchanged(before=self.BEFORE, after=self.BEFORE) == {one.code for one in self.BEFORE}

    def test_another_place_is_no_change(self):
        after = [replace(one, position=one.position + 7) for one in reversed(self.BEFORE)]
        assert copying.unchanged(before=self.BEFORE, after=after) == {one.code for one in self.BEFORE}

    @pytest.mark.parametrize(
        "change", [{"question": "Autre ?"}, {"evidence": "PDF"}, {"tag": "web"}, {"is_blocking": False}]
    )
    def test_sto_33_another_question_or_proof_is_asked_anew(self, change):
        first, *others = self.BEFORE
        assert first.code not in copying.unchanged(before=self.BEFORE, after=[replace(first, **change), *others])

    def test_new_and_dropped_criteria(self):
        first, second, *_others = self.BEFORE
        new = replace(first, code="CRI-NEW-01")
        assert copying.unchanged(before=[first, second], after=[second, new]) == {second.code}
