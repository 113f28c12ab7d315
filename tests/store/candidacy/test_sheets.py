"""The public page of a draft (STO-84, S34)."""

from __future__ import annotations

import pytest

from apps.audit.services import events_of
from apps.store.models import Sheet
from apps.store.services import sheets
from apps.store.services.errors import ChangedError, LockedError, UnknownRowError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import later

pytestmark = pytest.mark.django_db
EMPTY = {
    **dict.fromkeys(sheets.CONTENTS, ""),
    **{name: [] for name in ("needs", "audiences", "languages", "platforms")},
    "accessibility_rate": None,
}


def save(by, candidacy, *, version=0, at=NOON, **values) -> Sheet:
    return sheets.save_sheet(
        actor=factories.as_publisher(by),
        candidacy_id=candidacy.id,
        contents={**EMPTY, **values},
        version=version,
        at=at,
    )


@pytest.fixture
def draft(pia):
    return factories.candidacy(by=pia)


class TestSheet:
    def test_sto_84_what_is_written_stands_there(self, pia, draft):
        made = save(
            pia, draft, tagline="Noter ses crises.", languages=["fr", "en"], platforms=["web"], price="gratuit",
            accessibility_rate=92,
        )  # fmt: skip
        made.refresh_from_db()
        assert (made.tagline, made.languages, made.accessibility_rate) == ("Noter ses crises.", ["fr", "en"], 92)
        assert (made.version, made.written_by_id, made.written_at) == (1, pia.user_id, NOON)
        assert events_of(draft.publisher_id)[0].facts == {"section": "fiche", "version": 1}

    def test_one_row_a_draft_counted_up(self, pia, draft):
        save(pia, draft, tagline="Un")
        made = save(pia, draft, version=1, tagline="Deux")
        assert (draft.sheets.count(), made.version, made.tagline) == (1, 2, "Deux")

    def test_the_same_words_write_nothing(self, pia, draft):
        save(pia, draft, tagline="Un")
        assert save(pia, draft, version=1, tagline="Un", at=later(2)).version == 1

    def test_s34_two_members_at_once(self, pia, marc, draft):
        save(marc, draft, tagline="De Marc", at=later(1))
        with pytest.raises(ChangedError) as caught:
            save(pia, draft, tagline="De Pia", at=later(2))
        assert (caught.value.actor, caught.value.at) == (str(marc.user_id), later(1))
        assert draft.sheets.get().tagline == "De Marc"

    def test_pu_07_once_sent_nothing_is_saved(self, pia):
        sent = factories.candidacy(Status.SUBMITTED, by=pia)
        with pytest.raises(LockedError):
            save(pia, sent, tagline="Un")

    def test_that_of_another_publisher_does_not_exist(self, pia):
        with pytest.raises(UnknownRowError):
            save(pia, factories.candidacy(), tagline="Un")

    def test_every_column_that_people_write_is_among_the_contents(self):
        own = {
            "id", "candidacy", "version", "written_by", "written_at", "shown_at", "replaced_at",
        }  # fmt: skip
        assert {field.name for field in Sheet._meta.concrete_fields} - own == set(sheets.CONTENTS)
