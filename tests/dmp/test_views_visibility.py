"""D-06: hide and show again, one document or several."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp.models import Document
from apps.spaces.services import name_administrator
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import title_of, words_of
from tests.dmp.rows import document
from tests.dmp.test_views_detail import professional_reads
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def hide(row):
    return reverse("dmp:document_hide", args=[row.space_id, row.id])


def unhide(row):
    return reverse("dmp:document_unhide", args=[row.space_id, row.id])


def actions(space):
    return [(line.action, line.outcome, line.target) for line in events_of(space.id).filter(at=NOON)]


class TestConfirmation:
    def test_18_3_says_the_effect_before_the_act(self, space):
        words = words_of(holder_of(space).client.get(hide(document(space))))
        assert words.startswith("Masquer ce document aux professionnels Résultats de biologie du 18 novembre 2026")
        for said in (
            "Une fois masqué",
            "Les professionnels de santé ne le verront plus et ne sauront pas qu'il existe.",
            "Le verront encore : celui qui l'a déposé, votre médecin traitant "
            "et les professionnels que vous avez nommés administrateurs (aucun).",
            "En urgence : il reste masqué, selon votre réglage.",
            "Vous le verrez toujours. Vos services connectés ne le reçoivent plus.",
            "Bon à savoir. Masquer une information peut priver un soignant d'un élément utile. "
            "Vous pouvez la rendre visible à tout moment.",
            "Masquer ce document Ne pas masquer",
        ):  # fmt: skip
            assert said in words

    def test_acc_12_names_the_administrators(self, space):
        for given, is_gp in (("ANNE", False), ("KARIM", True)):
            named = factories.professional(given_name=given).national_id
            name_administrator(actor=factories.holder(space), national_id=named, is_declared_gp=is_gp, at=NOON)
        ended = factories.professional(given_name="HUGO").national_id
        made = name_administrator(
            actor=factories.holder(space), national_id=ended, is_declared_gp=False, at=NOON - timedelta(days=2)
        )
        made.ended_at = NOON
        made.save(update_fields=["ended_at"])
        assert "administrateurs (Dr Karim Lefort, Dr Anne Lefort)." in words_of(
            holder_of(space).client.get(hide(document(space)))
        )

    @pytest.mark.parametrize(
        ("switches", "words"),
        [
            ({"masked_in_emergency": True}, "En urgence : il sera visible, selon votre réglage."),
            ({"masked_in_emergency": True, "break_glass_allowed": False}, "En urgence : il sera visible"),
            (
                {"masked_in_emergency": True, "break_glass_allowed": False, "emergency_call_allowed": False},
                "En urgence : il reste masqué",
            ),
        ],
    )
    def test_acc_20_emergency_follows_the_three_switches(self, switches, words):
        space = factories.space(**switches)
        assert words in words_of(holder_of(space).client.get(hide(document(space))))

    def test_tells_who_has_read_it_already(self, space):
        row = document(space)
        professional_reads(row, "810990000018")
        said = "1 professionnel l'a déjà consulté. Masquer n'efface pas ce qu'il a lu. Voir l'historique"
        assert said in words_of(holder_of(space).client.get(hide(row)))
        professional_reads(row, "810990000026")
        said = "2 professionnels l'ont déjà consulté. Masquer n'efface pas ce qu'ils ont lu."
        assert said in words_of(holder_of(space).client.get(hide(row)))

    def test_looking_at_the_question_changes_nothing(self, space):
        row = document(space)
        holder_of(space).client.get(hide(row))
        row.refresh_from_db()
        assert row.hidden_at is None
        assert actions(space) == []

    def test_18_3_show_again(self, space):
        words = words_of(holder_of(space).client.get(unhide(document(space, hidden_at=NOON))))
        assert "Rendre ce document visible" in words
        assert "Les professionnels qui ont accès à votre espace pourront le lire, selon leur métier." in words


class TestAct:
    @pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
    def test_hides_tells_and_offers_to_undo(self, space, person_of):
        row = filed(space)
        person = person_of(space)
        response = person.client.post(hide(row))
        assert response.status_code == 302
        row.refresh_from_db()
        assert row.hidden_at == NOON
        assert actions(space) == [("dmp.document.hide", "permit", f"document:{row.id}")]
        page = person.client.get(response.headers["Location"])
        assert title_of(page).startswith("Document masqué – Résultats de biologie du")
        assert "Document masqué Les professionnels ne le voient plus. Annuler" in words_of(page)
        assert f'href="{unhide(row)}"' in page.content.decode()

    def test_twice_is_the_same_success(self, space):
        row, person = filed(space), holder_of(space)
        for _ in range(2):
            page = person.client.post(hide(row), follow=True)
            assert "Document masqué" in words_of(page)
        assert [action for action, *_ in actions(space)].count("dmp.document.hide") == 1

    def test_shows_again(self, space):
        row, person = filed(space), holder_of(space)
        person.client.post(hide(row))
        page = person.client.post(unhide(row), follow=True)
        row.refresh_from_db()
        assert row.hidden_at is None
        assert "Document visible" in words_of(page)

    @pytest.mark.parametrize("address", [hide, unhide])
    def test_sec_01_others_get_404_and_write_nothing(self, space, address):
        row = document(space)
        other = holder_of(factories.space())
        assert other.client.get(address(row)).status_code == 404
        assert other.client.post(address(row)).status_code == 404
        assert PortalClient().post(address(row)).status_code == 302
        row.refresh_from_db()
        assert row.hidden_at is None

    def test_sec_05_a_document_not_yet_announced_cannot_be_hidden(self, space):
        row = document(space, concealed_until=NOON + timedelta(days=1))
        person = holder_of(space)
        assert person.client.get(hide(row)).status_code == 404
        assert person.client.post(hide(row)).status_code == 404


class TestSelection:
    def url(self, space):
        return reverse("dmp:selection_hide", args=[space.id])

    def test_asks_first_then_hides_all(self, space):
        rows = [document(space, title=f"Bilan {number}") for number in (1, 2)]
        person, ids = holder_of(space), [str(row.id) for row in rows]
        question = person.client.post(self.url(space), {"document": ids})
        assert question.status_code == 200
        assert "Masquer ces documents aux professionnels 2 documents sélectionnés" in words_of(question)
        assert "Bilan 1" in words_of(question)
        assert not Document.objects.filter(hidden_at__isnull=False).exists()

        page = person.client.post(self.url(space), {"document": ids, "confirmation": "oui"}, follow=True)
        assert "2 documents masqués" in words_of(page)
        assert Document.objects.filter(hidden_at=NOON).count() == 2
        assert sorted(actions(space)) == sorted(("dmp.document.hide", "permit", f"document:{one}") for one in ids)

    def test_those_already_hidden_stay_as_they_are(self, space):
        earlier = NOON - timedelta(days=2)
        row = document(space, hidden_at=earlier, received_at=NOON - timedelta(days=9))
        entry = row.entry_id
        holder_of(space).client.post(self.url(space), {"document": [str(row.id)], "confirmation": "oui"})
        row.refresh_from_db()
        assert (row.hidden_at, row.entry_id) == (earlier, entry)
        assert actions(space) == []

    def test_the_link_of_the_success_shows_the_hidden_ones(self, space):
        row, person = document(space), holder_of(space)
        document(space)
        page = person.client.post(self.url(space), {"document": [str(row.id)], "confirmation": "oui"}, follow=True)
        link = re.search(r'href="([^"]+)">Voir les documents masqués<', page.content.decode())[1]
        assert "1 document, filtre : documents masqués." in words_of(person.client.get(link))

    @pytest.mark.parametrize("confirmation", [{}, {"confirmation": "oui"}])
    def test_sec_02_an_id_of_another_space_is_404_and_nothing_is_written(self, space, confirmation):
        mine, foreign = document(space), document(factories.space())
        ids = [str(mine.id), str(foreign.id)]
        response = holder_of(space).client.post(self.url(space), {"document": ids, **confirmation})
        assert response.status_code == 404
        assert not Document.objects.filter(hidden_at__isnull=False).exists()
        assert actions(space) == ([("dmp.document.hide", "deny", "")] if confirmation else [])

    def test_nothing_ticked_goes_back_with_a_message(self, space):
        page = holder_of(space).client.post(self.url(space), follow=True)
        assert "Aucun document sélectionné Cochez au moins un document dans la liste." in words_of(page)

    @pytest.mark.parametrize("value", ["abc", "1 OR 1=1", ""])
    def test_what_is_no_id_is_nothing_ticked(self, space, value):
        page = holder_of(space).client.post(self.url(space), {"document": value}, follow=True)
        assert "Aucun document sélectionné" in words_of(page)

    def test_sec_32_two_hundred_at_most(self, space):
        ids = [str(document(space).id)] * 201
        page = holder_of(space).client.post(self.url(space), {"document": ids}, follow=True)
        assert "Trop de documents" in words_of(page)

    def test_get_leads_back_to_the_list(self, space):
        response = holder_of(space).client.get(self.url(space))
        assert response.headers["Location"] == reverse("dmp:document_list", args=[space.id])
