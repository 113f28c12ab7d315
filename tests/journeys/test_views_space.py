from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.sessions import BEFORE
from apps.audit.services import Line, events_of, record
from tests import factories
from tests.dmp.rows import document
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON
from tests.signing import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def holder(client, space):
    return sign_in(client, factories.user(person=space.identity))


def home(space):
    return reverse("journeys:dashboard", args=[space.id])


def history(space):
    return reverse("journeys:access_history", args=[space.id])


class TestDashboard:
    def test_first_day_says_that_the_space_is_ready(self, holder, space):
        page = holder.get(home(space)).content.decode()
        assert "Bonjour Alice Morel" in page
        assert "Votre espace est prêt" in page
        assert "Les soignants peuvent consulter le dossier." in page

    def test_h_01_new_documents_five_at_most_with_their_number(self, holder, space):
        for number in range(7):
            document(space, title=f"Document {number}")
        page = holder.get(home(space)).content.decode()
        assert "Nouveau (7)" in page
        assert page.count("ens-list__title") == 5
        assert "Voir tous les documents" in page

    def test_sign_in_before_this_one_is_told(self, holder, space):
        assert "Dernière connexion" not in holder.get(home(space)).content.decode()
        session = holder.session
        session[BEFORE] = "2026-11-23T17:12:00+00:00"
        session.save()
        assert (
            "Dernière connexion le 23\u00a0novembre 2026 à 18\u00a0h\u00a012."
            in holder.get(home(space)).content.decode()
        )

    def test_title_of_the_page_holds_no_title_of_a_document(self, holder, space):
        document(space, title="Sérologie VIH")
        page = holder.get(home(space)).content.decode()
        assert "Sérologie" not in page.split("</title>")[0]

    def test_acc_34_document_not_yet_announced_leaves_no_trace(self, holder, space):
        document(space, concealed_until=NOON + timedelta(days=1), title="Anatomopathologie")
        page = holder.get(home(space)).content.decode()
        assert "Anatomopathologie" not in page
        assert "Votre espace est prêt" in page

    def test_last_accesses_and_managed_people(self, client, space):
        parent = factories.user(person=space.identity)
        child = factories.space(person=factories.child_identity())
        factories.representation(of=child, person=space.identity)
        doctor = factories.professional()
        record(actor=replace(DOCTOR, space_id=space.id, national_id=doctor.national_id), at=NOON,
               line=Line(action="dmp.document.read"))  # fmt: skip
        page = sign_in(client, parent).get(home(space)).content.decode()
        assert "Dr Anne Lefort" in page
        assert "Lea M., 9 ans" in page
        assert home(child) in page

    def test_delegate_who_enters_is_traced(self, client, space):
        helper = factories.identity()
        factories.delegation(of=space, person=helper)
        sign_in(client, factories.user(person=helper)).get(home(space))
        line = events_of(space.id).get()
        assert (line.action, line.actor_role) == ("spaces.space.enter", "delegate")

    @pytest.mark.parametrize("count", [1, 20])
    def test_number_of_queries_does_not_grow(self, holder, space, count, django_assert_max_num_queries):
        for _ in range(count):
            document(space)
        with django_assert_max_num_queries(14):
            holder.get(home(space))


class TestWhoMayEnter:
    def test_visitor_signs_in_first(self, client, space):
        answer = client.get(home(space))
        assert (answer.status_code, answer.url) == (302, f"/connexion/?next={home(space)}")

    @pytest.mark.parametrize("address", [home, history])
    def test_sec_01_other_holder_gets_the_404_of_a_space_that_does_not_exist(self, client, space, address):
        other = factories.space()
        browser = sign_in(client, factories.user(person=other.identity))
        forbidden = browser.get(address(space))
        other_id = "00000000-0000-7000-8000-00000000abcd"
        unknown = browser.get(address(space).replace(str(space.id), other_id))
        assert (forbidden.status_code, unknown.status_code) == (404, 404)
        assert "Cette page n'existe pas, ou vous n'y avez pas accès." in forbidden.content.decode()

    def test_sec_04_parent_until_the_last_second(self, client):
        child, parent = factories.space(person=factories.child_identity()), factories.identity()
        factories.representation(of=child, person=parent, ends_at=NOON + timedelta(minutes=1))
        browser = sign_in(client, factories.user(person=parent))
        assert browser.get(home(child)).status_code == 200
        with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
            assert browser.get(home(child)).status_code == 404

    def test_band_says_whose_space_it_is(self, client):
        child, parent = factories.space(person=factories.child_identity()), factories.identity()
        factories.representation(of=child, person=parent)
        page = sign_in(client, factories.user(person=parent)).get(home(child)).content.decode()
        assert "l'espace de Lea M." in page


class TestHistoryPage:
    def test_says_since_when_it_is_complete(self, holder, space):
        page = holder.get(history(space)).content.decode()
        assert "Complet depuis le 25\u00a0novembre 2025" in page
        assert "Aucun accès sur cette période" in page
        assert "Ce que cette page ne montre pas" in page

    def test_counts_and_pages(self, holder, space):
        for _ in range(21):
            record(actor=replace(DOCTOR, space_id=space.id), at=NOON, line=Line(action="dmp.document.read"))
        first, second = holder.get(history(space)), holder.get(history(space) + "?page=2")
        assert "21 actions, filtre\u00a0: 30 derniers jours." in first.content.decode()
        assert first.content.decode().count("A lu un document") == 20
        assert second.content.decode().count("A lu un document") == 1

    def test_unknown_filters_fall_back(self, holder, space):
        assert holder.get(history(space) + "?periode=x&qui=y&page=z&vue=w").status_code == 200

    def test_sec_07_reason_of_an_emergency_stays_text(self, holder, space):
        actor = replace(DOCTOR, space_id=space.id, reason="<script>alert(1)</script>")
        record(actor=actor, at=NOON, line=Line(action="dmp.document.read"))
        assert "&lt;script&gt;alert(1)" in holder.get(history(space)).content.decode()
