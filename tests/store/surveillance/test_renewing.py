"""PU-11, STO-22, STO-43: an amendment or a renewal begins with what the running dossier says."""

from __future__ import annotations

from datetime import date

import pytest

from apps.common.ids import uuid7
from apps.store.models import Answer, Candidacy
from apps.store.services import renewing
from apps.store.services.errors import UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import ListingStatus, Status
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Kind = Candidacy.Kind


@pytest.fixture
def pia():
    return factories.member()


@pytest.fixture
def shown(pia):
    """Published, agreement until 24 February 2027: three months after yesterday."""
    listing = factories.listing(by=pia, agreement_ends_on=date(2027, 2, 24))
    Answer.objects.create(
        candidacy=listing.candidacy, criterion="CRI-SEC-01", value="conforme", declared_by=pia.user, declared_at=NOON
    )
    factories.evidence(listing.candidacy)
    return listing


def begin(by, listing, kind=Kind.AMENDMENT, **values):
    given = {"listing_id": listing.pk, "kind": kind, "new_id": uuid7(), "at": NOON, **values}
    return renewing.begin(actor=factories.as_publisher(by), **given)


@pytest.mark.parametrize("kind", [Kind.AMENDMENT, Kind.RENEWAL])
def test_sto_22_what_is_still_right_is_there(pia, shown, kind):
    made = begin(pia, shown, kind)
    assert (made.kind, made.status, made.copied_from) == (kind, Status.DRAFT, shown.candidacy)
    assert [row.criterion for row in made.answers.all()] == ["CRI-SEC-01"]
    assert made.evidence.count() == 1
    assert made.sheets.count() == 1
    shown.refresh_from_db()
    assert (shown.status, shown.candidacy_id) == (ListingStatus.PUBLISHED, made.copied_from_id)


def test_sent_twice_it_is_one(pia, shown):
    token = uuid7()
    assert begin(pia, shown, new_id=token) == begin(pia, shown, new_id=token)


def test_one_unfinished_dossier_a_service(pia, shown):
    first = begin(pia, shown)
    with pytest.raises(UnfinishedError) as refused:
        begin(pia, shown, Kind.RENEWAL)
    assert refused.value.candidacy_id == first.pk


@pytest.mark.parametrize(("ends", "kinds"), [
    (date(2027, 2, 25), [Kind.RENEWAL, Kind.AMENDMENT]), (date(2027, 2, 26), [Kind.AMENDMENT]),
])  # fmt: skip
def test_sto_43_a_renewal_from_three_months_before_the_end(pia, shown, ends, kinds):
    shown.agreement_ends_on = ends
    assert list(renewing.possible(shown, at=NOON)) == kinds


def test_too_soon_is_said(pia, shown):
    type(shown).objects.update(agreement_ends_on=date(2028, 1, 1))
    with pytest.raises(WrongValueError, match="too-soon"):
        begin(pia, shown, Kind.RENEWAL)


@pytest.mark.parametrize("status", [ListingStatus.LEAVING, ListingStatus.WITHDRAWN, ListingStatus.EXPIRED])
def test_sto_66_nothing_begins_for_a_service_that_goes(pia, status):
    values = {"effect_on": date(2027, 1, 1)} if status != ListingStatus.EXPIRED else {}
    values |= {"ended_at": NOON} if status != ListingStatus.LEAVING else {}
    gone = factories.listing(status, by=pia, **values)
    with pytest.raises(WrongValueError, match="over"):
        begin(pia, gone)


def test_sto_78_one_that_was_suspended_while_leaving_goes_too(pia):
    gone = factories.listing(
        ListingStatus.SUSPENDED, by=pia, effect_on=date(2027, 1, 1), queue="delegue", due_at=NOON, waits_since=NOON
    )
    assert renewing.possible(gone, at=NOON) == ()
    with pytest.raises(WrongValueError, match="over"):
        begin(pia, gone)


def test_the_service_of_somebody_else_is_unknown(shown):
    with pytest.raises(UnknownRowError):
        begin(factories.member(publisher=factories.publisher(name="Autre")), shown)


class TestPages:
    def test_the_service_offers_both(self, pia, shown):
        words = words_of(client_of(pia.user).get(f"/editeurs/services/{shown.pk}/"))
        assert "Demander un avenant" in words
        assert "Renouveler le référencement" in words

    def test_before_the_day_the_page_says_when(self, pia, shown):
        type(shown).objects.update(agreement_ends_on=date(2028, 1, 31))
        client = client_of(pia.user)
        assert "à partir du 31 octobre 2027" in words_of(client.get(f"/editeurs/services/{shown.pk}/"))
        assert client.get(f"/editeurs/services/{shown.pk}/renouveler/").status_code == 404
        page = client.post(f"/editeurs/services/{shown.pk}/renouveler/", {"token": uuid7()}, follow=True)
        assert "La convention ne se termine pas assez tôt" in words_of(page)

    def test_begin_and_land_in_the_draft(self, pia, shown):
        client = client_of(pia.user)
        assert "va jusqu'au bout" in words_of(client.get(f"/editeurs/services/{shown.pk}/avenant/"))
        page = client.post(f"/editeurs/services/{shown.pk}/avenant/", {"token": uuid7()}, follow=True)
        made = Candidacy.objects.get(kind=Kind.AMENDMENT)
        assert page.redirect_chain[-1][0] == f"/editeurs/candidatures/{made.pk}/"
        assert f"Avenant {made.number} commencé" in words_of(page)
        again = client.post(f"/editeurs/services/{shown.pk}/renouveler/", {"token": uuid7()}, follow=True)
        assert "a déjà un dossier pour ce service" in words_of(again)
