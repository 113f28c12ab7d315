"""SE-04: the pages about professionals."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.access import Actor, Role
from apps.audit.services import Line, events_of, record
from apps.directory.models import Activity, Organisation
from apps.spaces import services
from apps.spaces.carers import standing_of
from apps.spaces.models import SpaceAdministrator
from tests import factories
from tests.dmp.factories import delegate_of, holder_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
BEFORE = NOON - timedelta(days=3)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def doctor():
    return factories.professional()


def url(name, space, *args):
    return reverse(f"spaces:professional_{name}", args=[space.id, *args])


def agree(space, doctor, **values):
    visit = services.Visit(space_id=space.id, national_id=doctor.national_id, **values)
    services.declare_consent(visit=visit, ends_at=None, at=BEFORE)


class TestList:
    def test_empty(self, space):
        words = words_of(holder_of(space).client.get(url("list", space)))
        assert "Aucun professionnel n'a accès" in words
        assert "Vous n'avez bloqué personne." in words

    def test_who_since_when_and_the_last_access(self, space, doctor):
        agree(space, doctor)
        reader = Actor(role=Role.PROFESSIONAL, at=NOON, space_id=space.id, national_id=doctor.national_id)
        record(actor=reader, at=NOON - timedelta(days=1), line=Line(action="dmp.document.read"))
        words = words_of(holder_of(space).client.get(url("list", space)))
        assert "1 professionnel a votre accord. Dr Anne Lefort Médecin · depuis le 22 novembre 2026" in words
        assert "Dernier accès le 24 novembre 2026 à 13 h 00" in words

    def test_administrators_and_blocked(self, space, doctor):
        holder, other = factories.holder(space), factories.professional(given_name="HUGO")
        services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=BEFORE)
        services.block_professional(actor=holder, national_id=other.national_id, at=BEFORE)
        words = words_of(holder_of(space).client.get(url("list", space)))
        assert "Dr Anne Lefort – médecin traitant" in words
        assert "Bloqués Dr Hugo Lefort" in words

    def test_care_team_by_name(self, space, doctor):
        Organisation.objects.create(technical_id="1440000000", name="CABINET DES RIVES", seen_on=NOON.date())
        agree(space, doctor, organisation_id="1440000000")
        words = words_of(holder_of(space).client.get(url("list", space)))
        assert "CABINET DES RIVES : accord déclaré par Dr Anne Lefort le 22 novembre 2026." in words

    @pytest.mark.parametrize(
        ("number", "known"), [("1449901024", {"finess": "449901024"}), ("398990203600015", {"siret": "98990203600015"})]
    )
    def test_dmp_23_care_team_by_name_from_the_national_number(self, space, doctor, number, known):
        Organisation.objects.create(
            technical_id="R10100000000001", name="CABINET DES RIVES", seen_on=NOON.date(), **known
        )
        Organisation.objects.create(technical_id="R10100000000002", name="AILLEURS", seen_on=NOON.date())
        agree(space, doctor, organisation_id=number)
        words = words_of(holder_of(space).client.get(url("list", space)))
        assert "CABINET DES RIVES : accord déclaré par Dr Anne Lefort le 22 novembre 2026." in words

    def test_sec_16_no_name_in_titles_and_addresses(self, space, doctor):
        agree(space, doctor)
        client = holder_of(space).client
        for page in (client.get(url("list", space)), client.get(url("detail", space, doctor.id))):
            assert "Lefort" not in title_of(page)


class TestActs:
    def test_18_5_block(self, space, doctor):
        client = holder_of(space).client
        words = words_of(client.get(url("block", space, doctor.id)))
        for said in (
            "Bloquer Dr Anne Lefort",
            "Il ne pourra plus consulter votre dossier, même si vous l'aviez autorisé.",
            "Il pourra encore y déposer des documents qui vous concernent.",
            "En urgence, si vous ne pouvez pas parler et si vous acceptez l'accès en urgence, "
            "il pourra le consulter ; vous en serez averti.",
            "Le débloquer plus tard ne lui redonne pas votre accord.",
            "Bloquer Ne pas bloquer",
        ):
            assert said in words
        assert events_of(space.id).count() == 0
        page = client.post(url("block", space, doctor.id), follow=True)
        assert title_of(page).startswith("Professionnel bloqué – Un professionnel")
        assert "Bloqué depuis le 25 novembre 2026." in words_of(page)

    def test_unblock(self, space, doctor):
        client = holder_of(space).client
        client.post(url("block", space, doctor.id))
        page = client.post(url("unblock", space, doctor.id), follow=True)
        assert "Professionnel débloqué Pour consulter votre dossier, il doit vous demander" in words_of(page)
        assert not standing_of(space_id=space.id, national_id=doctor.national_id, at=NOON).block

    def test_withdraw_names_the_team_that_loses_access(self, space, doctor):
        Organisation.objects.create(technical_id="1440000000", name="CABINET DES RIVES", seen_on=NOON.date())
        agree(space, doctor, organisation_id="1440000000")
        client = holder_of(space).client
        words = words_of(client.get(url("withdraw", space, doctor.id)))
        assert "Toute l'équipe de soins de CABINET DES RIVES perd aussi l'accès" in words
        assert "Accord retiré" in words_of(client.post(url("withdraw", space, doctor.id), follow=True))
        assert not standing_of(space_id=space.id, national_id=doctor.national_id, at=NOON).access

    def test_acc_12_naming_says_what_it_gives(self, space, doctor):
        client = holder_of(space).client
        words = words_of(client.get(url("name", space, doctor.id)))
        assert "Il verra les documents que vous avez masqués aux professionnels." in words
        assert "Il pourra bloquer un autre professionnel." in words
        client.post(url("name", space, doctor.id))
        assert not SpaceAdministrator.objects.get(ended_at=None).is_declared_gp
        page = client.post(url("end", space, doctor.id), follow=True)
        assert "Administrateur retiré" in words_of(page)
        assert not SpaceAdministrator.objects.filter(ended_at=None).exists()

    def test_a_new_treating_doctor_names_the_former_one(self, space, doctor):
        client, new = holder_of(space).client, factories.professional(given_name="KARIM")
        client.post(url("treating", space, doctor.id))
        words = words_of(client.get(url("treating", space, new.id)))
        assert "Dr Anne Lefort ne sera plus votre médecin traitant ici et perdra le droit d'administrateur." in words
        client.post(url("treating", space, new.id))
        assert SpaceAdministrator.objects.get(ended_at=None).national_id == new.national_id

    def test_a_blocked_professional_is_not_named(self, space, doctor):
        client = holder_of(space).client
        client.post(url("block", space, doctor.id))
        assert "Débloquez-le d'abord." in words_of(client.post(url("name", space, doctor.id), follow=True))

    @pytest.mark.parametrize("name", ["block", "unblock", "withdraw", "name", "treating", "end"])
    def test_spa_55_a_delegate_decides_nothing(self, space, doctor, name):
        client = delegate_of(space).client
        assert client.get(url(name, space, doctor.id)).status_code == 404
        assert client.post(url(name, space, doctor.id)).status_code == 404
        assert events_of(space.id).count() == 0


class TestSearch:
    def search(self, space, client=None, **values):
        return (client or holder_of(space).client).post(url("search", space), values, follow=True)

    def test_finds_by_name_and_shows_where_they_work(self, space, doctor):
        place = Organisation.objects.create(
            technical_id="R1", name="CABINET DES RIVES", city="NANTES", seen_on=NOON.date()
        )
        Activity.objects.create(professional=doctor, organisation=place)
        page = self.search(space, name="lefort", town="nantes")
        assert "1 professionnel trouvé Dr Anne Lefort Médecin · CABINET DES RIVES, NANTES" in words_of(page)
        assert url("detail", space, doctor.id) in main_of(page)

    def test_sec_16_what_is_typed_stays_out_of_the_address(self, space, doctor):
        response = holder_of(space).client.post(url("search", space), {"name": "lefort"})
        assert response.headers["Location"] == url("search", space)

    def test_sec_32_three_letters_at_least(self, space):
        page = self.search(space, name="le")
        assert page.status_code == 422
        assert "Écrivez au moins trois lettres du nom, ou un numéro RPPS." in words_of(page)

    def test_dir_01_a_wrong_number_is_told(self, space, doctor):
        assert "Ce numéro n'est pas juste." in words_of(self.search(space, rpps="10000000000"))

    def test_twenty_a_page_and_two_hundred_in_all(self, space):
        for number in range(201):
            factories.professional(family_name=f"MARTIN{number:03}")
        client = holder_of(space).client
        first = self.search(space, client, name="martin")
        assert "200 professionnels trouvés Il y en a d'autres." in words_of(first)
        assert len(re.findall(r'href="[^"]*/professionnels/[0-9a-f-]{36}/"', main_of(first))) == 20
        last = client.get(url("search", space), {"page": "10"})
        assert "Martin199" in words_of(last)
        assert "Martin200" not in words_of(last)

    def test_the_search_of_another_space_is_not_shown(self, space, doctor):
        client = holder_of(space).client
        self.search(space, client, name="lefort")
        child = factories.space(person=factories.child_identity())
        factories.representation(of=child, person=space.identity)
        assert "Anne Lefort" not in words_of(client.get(url("search", child)))

    def test_nobody_found(self, space):
        assert "Personne dans l'annuaire national" in words_of(self.search(space, name="inconnu"))


class TestMatrix:
    def test_acc_09_says_what_is_known_and_that_the_unknown_is_refused(self, space):
        words = words_of(holder_of(space).client.get(url("matrix", space), {"metier": "60"}))
        assert "Infirmier Avec votre accord seulement." in words
        assert "Peut lire : 9 types de documents. Ne peut pas lire : 5 types." in words
        assert "Tant que la règle n'est pas connue, l'accès est refusé." in words

    def test_a_profession_without_a_row_reads_nothing(self, space):
        assert "Peut lire : 0 type" in words_of(holder_of(space).client.get(url("matrix", space), {"metier": "21"}))

    @pytest.mark.parametrize("asked", ["", "99", "<b>"])
    def test_an_unknown_profession_shows_the_first(self, space, asked):
        words = words_of(holder_of(space).client.get(url("matrix", space), {"metier": asked}))
        assert "Peut lire : 121 types" in words


def test_se_01_counts_them(space, doctor):
    agree(space, doctor)
    services.block_professional(
        actor=factories.holder(space), national_id=factories.professional().national_id, at=BEFORE
    )
    words = words_of(holder_of(space).client.get(reverse("journeys:settings", args=[space.id])))
    assert "Professionnels 1 professionnel a accès. 1 est bloqué." in words
