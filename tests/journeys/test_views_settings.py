"""SE-01: one page with every choice in a sentence."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from apps.journeys.overview import emergency_words, settings_groups
from apps.spaces.services import EmergencyChoices
from tests import factories
from tests.dmp.factories import delegate_of, holder_of, representative_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


def url(space):
    return reverse("journeys:settings", args=[space.id])


def exists(name):
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


class TestPage:
    def test_says_what_holds_now_and_leads_to_the_page_that_changes_it(self, space):
        page = holder_of(space).client.get(url(space))
        assert title_of(page).startswith("Paramètres – ")
        assert (
            "En cas d'urgence Accès en urgence Les soignants peuvent consulter le dossier. "
            "Les documents masqués restent masqués. Modifier Accès en urgence" in words_of(page)
        )
        assert f'href="{reverse("spaces:emergency_choices", args=[space.id])}"' in main_of(page)

    def test_follows_the_choices(self):
        space = factories.space(break_glass_allowed=False, emergency_call_allowed=False)
        assert "Personne ne peut consulter le dossier." in words_of(holder_of(space).client.get(url(space)))

    def test_an_entry_comes_with_its_page_and_not_before(self, space):
        words = words_of(holder_of(space).client.get(url(space)))
        entries = {"accounts:security": "Moyens de connexion", "accounts:contact": "Coordonnées"}
        for name, label in entries.items():
            assert (label in words) == exists(name)

    def test_a_representative_has_the_page_of_the_child(self):
        child = factories.space(person=factories.child_identity())
        assert representative_of(child).client.get(url(child)).status_code == 200

    def test_spa_55_a_delegate_has_none_and_no_entry_in_the_menu(self, space):
        client = delegate_of(space).client
        assert client.get(url(space)).status_code == 404
        home = client.get(reverse("journeys:dashboard", args=[space.id]))
        assert url(space) not in home.content.decode()

    def test_the_account_menu_leads_here(self, space):
        home = holder_of(space).client.get(reverse("journeys:dashboard", args=[space.id]))
        assert f'href="{url(space)}"' in home.content.decode()

    def test_the_number_of_queries_does_not_depend_on_the_rows(self, space, django_assert_num_queries):
        actor = factories.holder(space)
        with CaptureQueriesContext(connection) as few:
            settings_groups(actor=actor, space_id=space.id, services=space.services, at=NOON)
        for _ in range(20):
            factories.representation(of=space, person=factories.identity())
        with django_assert_num_queries(len(few.captured_queries)):
            settings_groups(actor=actor, space_id=space.id, services=space.services, at=NOON)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("110", "Les soignants peuvent consulter le dossier. Les documents masqués restent masqués."),
        ("111", "Les soignants peuvent consulter le dossier. Les documents masqués sont montrés aussi."),
        ("100", "Les soignants peuvent consulter le dossier ; le médecin du Samu ne le peut pas."),
        ("010", "Seul le médecin du Samu peut consulter le dossier."),
        ("001", "Personne ne peut consulter le dossier."),
    ],
)
def test_acc_20_each_combination_in_words(code, words):
    bits = [bit == "1" for bit in code]
    said = emergency_words(EmergencyChoices(break_glass=bits[0], call=bits[1], masked=bits[2]))
    assert said.replace("\u202f", " ").startswith(words)
