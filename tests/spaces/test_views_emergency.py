"""SE-03: the page of the three emergency choices."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse

from apps.audit.services import events_of
from apps.spaces.models import HealthSpace
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
    return reverse("spaces:emergency_choices", args=[space.id])


def answers(break_glass="oui", call="oui", masked="non", seen="110"):
    return {"break_glass": break_glass, "call": call, "masked": masked, "seen": seen}


def code(space):
    row = HealthSpace.objects.get(pk=space.pk)
    return (row.break_glass_allowed, row.emergency_call_allowed, row.masked_in_emergency)


class TestQuestion:
    def test_18_4_words(self, space):
        words = words_of(holder_of(space).client.get(url(space)))
        for said in (
            "Accès à mon dossier en cas d'urgence En urgence, vous ne pouvez peut-être pas parler. "
            "Trois réglages séparés, modifiables à tout moment.",
            "Je ne peux pas m'exprimer et ma santé est en danger immédiat. "
            "Un professionnel de santé peut-il consulter mon dossier ? Aujourd'hui : oui, réglage de départ "
            "Oui, il peut Non, je m'y oppose",
            "Quelqu'un appelle le 15 pour moi. Le médecin du Samu qui répond peut-il consulter mon dossier ?",
            "Dans ces deux cas, peut-il aussi voir les documents que j'ai masqués ? "
            "Aujourd'hui : non, réglage de départ",
            "Dans tous les cas : vous et votre médecin traitant êtes prévenus après chaque consultation. "
            "Elle apparaît dans votre historique avec sa raison.",
        ):
            assert said in words

    def test_present_answers_are_ticked(self, space):
        page = main_of(holder_of(space).client.get(url(space)))
        ticked = re.findall(r'name="(\w+)" value="(\w+)"[^>]*\schecked', page)
        assert ticked == [("break_glass", "oui"), ("call", "oui"), ("masked", "non")]

    def test_says_when_it_was_chosen(self, space):
        holder_of(space).client.post(url(space), answers(call="non"))
        assert "Aujourd'hui : non, choisi le" in words_of(holder_of(space).client.get(url(space)))

    def test_a_representative_reads_about_the_person(self, space):
        words = words_of(representative_of(space).client.get(url(space)))
        assert "La personne ne peut pas s'exprimer et sa santé est en danger immédiat." in words
        assert "mon dossier" not in words

    def test_the_home_leads_here_but_not_a_delegate(self, space):
        home = reverse("journeys:dashboard", args=[space.id])
        assert f'href="{url(space)}"' in main_of(holder_of(space).client.get(home))
        assert f'href="{url(space)}"' not in main_of(delegate_of(space).client.get(home))

    def test_looking_changes_nothing(self, space):
        holder_of(space).client.get(url(space))
        assert events_of(space.id).count() == 0


class TestSaving:
    def test_saves_and_tells(self, space):
        page = holder_of(space).client.post(url(space), answers("non", "non", "oui"), follow=True)
        assert code(space) == (False, False, True)
        assert title_of(page).startswith("Choix enregistrés – Accès à mon dossier en cas d'urgence – Paramètres")
        assert (
            "En urgence, les soignants n'auront pas accès à vos documents de santé. "
            "Vous pouvez changer d'avis à tout moment." in words_of(page)
        )

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (("oui", "non"), "En urgence, le médecin du Samu qui répond n'aura pas accès aux documents de santé."),
            (("non", "oui"), "En urgence, seul le médecin du Samu qui répond aura accès aux documents de santé."),
            (("oui", "oui"), "En urgence, les soignants pourront avoir accès aux documents de santé."),
        ],
    )
    def test_says_what_each_choice_does(self, space, given, words):
        assert words in words_of(holder_of(space).client.post(url(space), answers(*given), follow=True))

    def test_an_unanswered_question_is_told_and_nothing_is_saved(self, space):
        given = answers("non", "non")
        del given["masked"]
        page = holder_of(space).client.post(url(space), given)
        assert page.status_code == 422
        assert title_of(page).startswith("Erreur\u00a0: ")
        assert "Choisissez une des deux réponses." in words_of(page)
        assert code(space) == (True, True, False)

    @pytest.mark.parametrize("value", ["true", "1", "oui'--"])
    def test_another_answer_is_refused(self, space, value):
        assert holder_of(space).client.post(url(space), answers(break_glass=value)).status_code == 422

    def test_rel_21_the_older_tab_is_told_and_keeps_its_answers(self, space):
        first, second = holder_of(space).client, holder_of(space).client
        first.post(url(space), answers(break_glass="non"))
        page = second.post(url(space), answers(masked="oui"))
        assert page.status_code == 409
        assert "Ces choix ont été modifiés après l'ouverture de cette page." in words_of(page)
        assert code(space) == (False, True, False)
        assert 'name="seen" value="010"' in main_of(page)
        assert second.post(url(space), answers(masked="oui", seen="010")).status_code == 302
        assert code(space) == (True, True, True)

    def test_rel_21_a_missing_answer_does_not_hide_the_change_of_another_tab(self, space):
        HealthSpace.objects.filter(pk=space.pk).update(emergency_call_allowed=False)
        page = holder_of(space).client.post(url(space), {"break_glass": "oui", "seen": "110"})
        assert page.status_code == 422
        assert 'name="seen" value="110"' in page.content.decode()

    def test_18_4_a_parent_reads_nothing_of_health_documents_of_their_own(self, space):
        wanted = answers(break_glass="non", call="non")
        page = representative_of(space).client.post(url(space), wanted, follow=True)
        assert "les soignants n'auront pas accès aux documents de santé." in words_of(page)

    def test_rel_21_a_double_click_is_one_change(self, space):
        client = holder_of(space).client
        for _ in range(2):
            assert client.post(url(space), answers(call="non")).status_code == 302
        assert events_of(space.id).count() == 1

    def test_spa_55_a_delegate_has_no_such_page(self, space):
        client = delegate_of(space).client
        assert client.get(url(space)).status_code == client.post(url(space), answers(call="non")).status_code == 404
        assert code(space) == (True, True, False)

    def test_the_trail_says_in_which_capacity(self, space):
        representative_of(space).client.post(url(space), answers(call="non"))
        assert events_of(space.id).get().actor_role == "representative"
