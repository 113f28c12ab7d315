"""Writing first to a pharmacy (MSS-21, MSS-22, MSS-84)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from apps.access import AccessDeniedError
from apps.accounts.models import User
from apps.audit.services import events_of
from apps.directory.models import Mailbox, Organisation
from apps.mss.models import Correspondent
from apps.mss.services import answerable, pharmacies
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.mss.writing import helper, writer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return client_of(User.objects.get(pk=writer(space).user_id))


def box(number: int = 1, *, name: str = "Pharmacie des Halles", sector: str = "SA33", **values) -> Mailbox:
    finess = f"37000{number:04d}"
    Organisation.objects.create(
        technical_id=f"F{finess}", finess=finess, name=name, sector_code=sector, city="TOURS", seen_on=NOON.date()
    )
    defaults = {
        "address": f"pharmacie{number}@pro.mssante.example", "box_type": "ORG", "national_id": f"1{finess}",
        "name": name, "finess": finess, "post_code": "37000", "town": "Tours", "seen_on": NOON.date(),
    }  # fmt: skip
    return Mailbox.objects.create(**{**defaults, **values})


class TestChoose:
    def test_mss_21_it_becomes_a_correspondent_who_may_be_written_to_once(self, space):
        pharmacy = box()
        first = pharmacies.choose(actor=writer(space), box_id=pharmacy.id, at=NOON)
        again = pharmacies.choose(actor=writer(space), box_id=pharmacy.id, at=NOON)
        assert first == again
        assert (first.display_name, first.kind, first.is_listed, first.is_pharmacy) == (
            "Pharmacie des Halles", "ORG", True, True,
        )  # fmt: skip
        assert first.national_id == pharmacy.national_id
        assert answerable.boxes_to_write(actor=writer(space)) == [first]
        assert [event.action for event in events_of(space.id)] == ["mss.pharmacy.choose"]

    def test_one_that_ended_the_exchange_stays_ended(self, space):
        pharmacy = box()
        Correspondent.objects.create(
            space_id=space.id, address=pharmacy.address, display_name="P", wrote_at=NOON, ended_at=NOON
        )
        chosen = pharmacies.choose(actor=writer(space), box_id=pharmacy.id, at=NOON)
        assert chosen.has_ended
        assert answerable.boxes_to_write(actor=writer(space)) == []

    @pytest.mark.parametrize("values", [{"sector": "SA01"}, {"is_active": False}, {"box_type": "PER"}])
    def test_mss_20_nobody_else_can_be_chosen(self, space, values):
        other = box(**values)
        with pytest.raises(pharmacies.PharmacyNotFoundError):
            pharmacies.choose(actor=writer(space), box_id=other.id, at=NOON)
        assert not Correspondent.objects.exists()

    def test_mss_84_five_new_ones_a_day(self, space):
        chosen = [box(number) for number in range(6)]
        for each in chosen[:5]:
            pharmacies.choose(actor=writer(space), box_id=each.id, at=NOON)
        with pytest.raises(pharmacies.TooManyPharmaciesError):
            pharmacies.choose(actor=writer(space), box_id=chosen[5].id, at=NOON)
        pharmacies.choose(actor=writer(space), box_id=chosen[0].id, at=NOON)  # a known one is not counted
        assert Correspondent.objects.filter(space_id=space.id).count() == 5

    def test_mss_81_who_may_only_read_finds_and_chooses_nothing(self, space):
        pharmacy, reader = box(), helper(space, manages=False)
        assert pharmacies.find(actor=reader, text="halles") == []
        with pytest.raises(AccessDeniedError):
            pharmacies.choose(actor=reader, box_id=pharmacy.id, at=NOON)


class TestPages:
    def search(self, client, space, text: str = "halles"):
        return client.post(reverse("mss:pharmacy_search", args=[space.id]), {"text": text})

    def test_mss_21_from_the_search_to_the_message(self, client, space):
        pharmacy = box()
        answer = self.search(client, space)
        path, _, token = answer["Location"].partition("?recherche=")
        assert (path, "halles" in token) == (reverse("mss:pharmacy_search", args=[space.id]), False)
        page = client.get(answer["Location"])
        assert "1 pharmacie trouvée" in words_of(page)
        assert "37000 Tours" in words_of(page)
        assert "mssante.example" not in page.content.decode()
        assert "Halles" not in title_of(page)
        answer = client.post(reverse("mss:pharmacy_choose", args=[space.id, pharmacy.id]))
        chosen = Correspondent.objects.get(space_id=space.id)
        assert answer["Location"] == reverse("mss:message_new", args=[space.id, chosen.id])
        assert "apportez le papier avec vous" in words_of(client.get(answer["Location"]))

    def test_the_list_of_correspondents_leads_there(self, client, space):
        page = client.get(reverse("mss:thread_new", args=[space.id]))
        assert reverse("mss:pharmacy_search", args=[space.id]) in page.content.decode()

    @pytest.mark.parametrize("text", ["", "ab", "é-è", "%%%"])
    def test_sec_32_a_search_of_less_than_three_letters_is_asked_for_again(self, client, space, text):
        answer = self.search(client, space, text)
        if answer.status_code == 302:  # signs are letters like others
            assert "0 pharmacie trouvée" in words_of(client.get(answer["Location"]))
        else:
            assert (answer.status_code, "Écrivez au moins trois lettres." in words_of(answer)) == (422, True)

    def test_nothing_found_is_said(self, client, space):
        answer = self.search(client, space, "introuvable")
        assert "Aucune pharmacie avec une messagerie sécurisée" in words_of(client.get(answer["Location"]))

    def test_words_of_another_space_are_not_shown(self, client, space):
        box()
        path = self.search(client, space)["Location"]
        assert "Pharmacie des Halles" in words_of(client.get(path))
        session = client.session
        session["mss_pharmacy"][path.partition("=")[2]]["space"] = str(uuid4())
        session.save()
        assert "Pharmacie des Halles" not in words_of(client.get(path))

    def test_mss_84_too_many_are_told(self, client, space, settings):
        settings.LIMITS = {**settings.LIMITS, "mss_pharmacy": (1, 86_400)}
        pharmacies.choose(actor=writer(space), box_id=box(1).id, at=NOON)
        answer = client.post(reverse("mss:pharmacy_choose", args=[space.id, box(2).id]))
        page = client.get(answer["Location"])
        assert "Pharmacie non choisie" in words_of(page)
        assert Correspondent.objects.filter(space_id=space.id).count() == 1

    def test_an_unknown_pharmacy_is_not_found(self, client, space):
        assert client.post(reverse("mss:pharmacy_choose", args=[space.id, uuid4()])).status_code == 404
        assert client.get(reverse("mss:pharmacy_choose", args=[space.id, uuid4()])).status_code == 405

    def test_mss_81_who_may_only_read_finds_no_page(self, space):
        reader = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=reader, sections={"messages": "read"})
        client = client_of(factories.user(person=reader))
        assert client.get(reverse("mss:pharmacy_search", args=[space.id])).status_code == 404
        assert client.post(reverse("mss:pharmacy_choose", args=[space.id, box().id])).status_code == 404
