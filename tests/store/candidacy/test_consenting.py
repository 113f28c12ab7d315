"""Texts that the holder reads before consenting (STO-04, STO-07, STO-135)."""

from __future__ import annotations

import pytest

from apps.audit.services import events_of
from apps.store.models import Candidacy, ConsentText
from apps.store.services import consenting
from apps.store.services.errors import ChangedError, LockedError, UnknownRowError, WrongValueError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import CONSENT, later

pytestmark = pytest.mark.django_db
READ = ("mesures", "read")


def save(by, candidacy, *, kind=READ, version=0, at=NOON, **values) -> ConsentText:
    return consenting.save_text(
        actor=factories.as_publisher(by), candidacy_id=candidacy.id, kind=kind, contents={**CONSENT, **values},
        version=version, at=at,
    )  # fmt: skip


@pytest.fixture
def draft(pia):
    return factories.candidacy(by=pia, exchange="read")


class TestKinds:
    @pytest.mark.parametrize(
        ("exchange", "kinds"),
        [
            ("none", []),
            ("read", ["documents read", "mesures read", "agenda read", "identite read"]),
            ("write", ["documents write", "mesures write", "agenda write"]),
        ],
    )
    def test_sto_04_by_the_direction_of_the_exchange(self, exchange, kinds):
        assert [" ".join(kind) for kind in consenting.possible_kinds(Candidacy(exchange=exchange))] == kinds

    def test_both_directions(self):
        assert len(consenting.possible_kinds(Candidacy(exchange="read_write"))) == 7


class TestTexts:
    def test_sto_04_all_that_the_law_wants_and_the_very_words(self, pia, draft):
        made = save(pia, draft)
        made.refresh_from_db()
        assert {name: getattr(made, name) for name in CONSENT} == CONSENT
        assert (made.version, made.written_by_id) == (1, pia.user_id)
        line = events_of(draft.publisher_id)[0]
        assert (line.action, line.facts) == (
            "store.consent_text.save", {"category": "mesures", "direction": "read", "version": 1},
        )  # fmt: skip

    def test_sto_04_each_change_is_a_version(self, pia, draft):
        save(pia, draft)
        assert save(pia, draft, version=1, text="Autrement.").version == 2
        assert draft.consent_texts.count() == 1

    def test_sto_07_a_service_without_exchange_has_none(self, pia):
        with pytest.raises(WrongValueError):
            save(pia, factories.candidacy(by=pia))

    def test_not_in_a_direction_that_is_not_asked_for(self, pia, draft):
        with pytest.raises(WrongValueError):
            save(pia, draft, kind=("mesures", "write"))

    def test_s34_two_members_at_once(self, pia, marc, draft):
        save(marc, draft, at=later(1))
        with pytest.raises(ChangedError) as caught:
            save(pia, draft, text="Le mien.")
        assert caught.value.actor == str(marc.user_id)
        assert draft.consent_texts.get().text == CONSENT["text"]

    def test_pu_07_once_sent_nothing_is_saved(self, pia):
        with pytest.raises(LockedError):
            save(pia, factories.candidacy(Status.ASSESSMENT, by=pia, exchange="read"))


class TestRemoving:
    def remove(self, by, candidacy, version):
        consenting.remove_text(
            actor=factories.as_publisher(by), candidacy_id=candidacy.id, kind=READ, version=version, at=later(4)
        )

    def test_data_that_are_not_asked_for_any_more(self, pia, draft):
        save(pia, draft)
        self.remove(pia, draft, 1)
        assert draft.consent_texts.count() == 0
        assert events_of(draft.publisher_id)[0].action == "store.consent_text.remove"

    def test_s34_not_a_text_that_was_changed_meanwhile(self, pia, marc, draft):
        save(pia, draft)
        save(marc, draft, version=1, text="Autrement.")
        with pytest.raises(ChangedError):
            self.remove(pia, draft, 1)
        assert draft.consent_texts.count() == 1

    def test_one_that_is_not_there(self, pia, draft):
        with pytest.raises(UnknownRowError):
            self.remove(pia, draft, 1)
