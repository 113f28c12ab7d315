"""PU-05: the pages of the sections: criterion by criterion, saved incomplete, two members at once (S34)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store.criteria import SECTIONS
from apps.store.models import Answer, Candidacy
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in, page_of

pytestmark = pytest.mark.django_db
CODE = "CRI-SEC-06"


@pytest.fixture
def draft(pia) -> Candidacy:
    return factories.candidacy(by=pia)


@pytest.fixture
def path(draft) -> str:
    return page_of(draft, "rubrique/securite/")


def answer(of, by, code=CODE, **values) -> Answer:
    return Answer.objects.create(
        candidacy=of, criterion=code, declared_by=by.user, declared_at=NOON, **{"value": "conforme", **values}
    )


class TestPage:
    def test_pu_05_each_criterion_with_what_is_asked_and_accepted(self, desk, path):
        page = desk.get(path)
        words = words_of(page)
        assert title_of(page).startswith("Sécurité – Espace éditeurs")
        assert "0 critère sur 8 renseigné." in words
        assert "Toutes les pages et interfaces sont-elles servies en TLS 1.2 minimum" in words
        assert "CRI-SEC-01 · obligatoire · preuve acceptée : nom(s) d'hôte" in words
        assert "CRI-SEC-09 · facultatif" in words
        assert "Enregistrer et continuer" in words

    def test_what_stands_there_and_who_saved_it(self, desk, draft, path, marc):
        answer(draft, marc, comment="Argon2id.")
        page = desk.get(path)
        assert "Dernier enregistrement par Marc Delmas, le 25 novembre 2026 à 13 h 00." in words_of(page)
        sent = form_in(page)
        assert (sent[f"{CODE}-value"], sent[f"{CODE}-comment"]) == ("conforme", "Argon2id.")

    def test_pieces_of_a_criterion_with_their_state(self, desk, draft, path):
        factories.evidence(draft, criteria=["CRI-SEC-08"], title="Procédure d'incident")
        assert "Pièces : Procédure d'incident (" in words_of(desk.get(path))

    def test_fields_of_every_kind_travel_to_the_form_and_back(self, desk, pia):
        draft = factories.candidacy(by=pia, orientation={"web": "yes", "health_data": "yes"}, exchange="read")
        factories.answered(draft)
        before = {row.criterion: (row.value, row.comment, row.data) for row in draft.answers.all()}
        for section in SECTIONS:
            place = page_of(draft, f"rubrique/{section.slug}/")
            assert desk.post(place, form_in(desk.get(place))).status_code == 302
        rows = draft.answers.all()
        assert {row.criterion: (row.value, row.comment, row.data) for row in rows} == before
        assert {row.version for row in rows} == {1}

    @pytest.mark.parametrize("section", ["inconnue", "donnees-demandees"])
    def test_a_section_in_which_nothing_applies_does_not_exist(self, desk, draft, section):
        assert desk.get(page_of(draft, f"rubrique/{section}/")).status_code == 404

    def test_same_queries_for_one_and_for_twenty_rows(self, desk, draft, path, pia):
        answer(draft, pia)
        desk.get(path)
        with CaptureQueriesContext(connection) as for_one:
            desk.get(path)
        factories.answered(factories.candidacy(by=pia))
        for _ in range(20):
            factories.evidence(draft, criteria=[CODE])
        with CaptureQueriesContext(connection) as for_twenty:
            desk.get(path)
        assert len(for_one) == len(for_twenty) <= 12


class TestSaving:
    def test_pu_05_incomplete_is_allowed_and_the_next_section_comes(self, desk, draft, path, pia):
        sent = form_in(desk.get(path)) | {f"{CODE}-value": "en_cours", f"{CODE}-comment": "À finir."}
        response = desk.post(path, sent)
        assert response["Location"] == page_of(draft, "rubrique/interoperabilite/")
        row = draft.answers.get()
        assert (row.value, row.comment, row.declared_by_id) == ("en_cours", "À finir.", pia.user_id)
        assert title_of(desk.get(response["Location"])).startswith("0 critère sur 8 renseigné – ")

    def test_the_outcome_counts_in_words(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {
            f"{CODE}-value": "conforme", f"{CODE}-comment": "Oui.", "CRI-SEC-09-value": "non_applicable",
            "CRI-SEC-09-comment": "Pas de données.",
        }  # fmt: skip
        response = desk.post(path, sent | {"stay": "1"})
        assert response["Location"] == path
        assert title_of(desk.get(path)).startswith("2 critères sur 8 renseignés – Sécurité")

    def test_the_last_section_leads_back_to_the_dossier(self, desk, draft):
        place = page_of(draft, "rubrique/accessibilite/")
        page = desk.get(place)
        assert "Enregistrer et revenir au dossier" in words_of(page)
        assert desk.post(place, form_in(page))["Location"] == page_of(draft)

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("CRI-SEC-03-url", "pas une adresse", "Écrivez une adresse entière"),
            ("CRI-SEC-06-comment", "x" * 4001, "4000"),
            ("CRI-SEC-01-hosts", "\n".join(f"h{n}.example" for n in range(51)), "Écrivez 50 lignes au plus."),
        ],
    )
    def test_pu_05_format_alone_is_a_fault_and_what_was_typed_is_kept(self, desk, draft, path, name, value, words):
        sent = form_in(desk.get(path)) | {name: value, f"{CODE}-value": "conforme"}
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert words in words_of(page)
        again = form_in(page)
        assert again[f"{CODE}-value"] == "conforme"
        assert again[name].replace("\r\n", "\n") == value
        assert draft.answers.count() == 0

    def test_a_forged_version_is_the_first_one(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {f"{CODE}-seen": "9" * 5000, f"{CODE}-value": "conforme"}
        assert desk.post(path, sent).status_code == 302
        assert draft.answers.get().version == 1

    def test_lines_are_kept_once_without_empty_ones(self, desk, draft, path):
        hosts = " www.souffle.example \n\nwww.souffle.example\napi.souffle.example"
        desk.post(path, form_in(desk.get(path)) | {"CRI-SEC-01-hosts": hosts})
        assert draft.answers.get().data == {"hosts": ["www.souffle.example", "api.souffle.example"]}


class TestTwoMembers:
    def write(self, client, path, page, **said):
        return client.post(path, form_in(page) | {f"{CODE}-{name}": value for name, value in said.items()})

    def test_s34_both_are_shown_nothing_is_overwritten(self, desk, other_desk, draft, path):
        mine, theirs = desk.get(path), other_desk.get(path)
        self.write(other_desk, path, theirs, value="non_conforme", comment="Version de Marc")
        page = self.write(desk, path, mine, value="conforme", comment="Version de Pia")
        words = words_of(page)
        assert page.status_code == 422
        assert "Un autre membre a répondu aussi. Choisissez la réponse à garder." in words
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 13 h 00." in words
        assert "Version de Marc" in words
        assert form_in(page)[f"{CODE}-comment"] == "Version de Pia"
        assert draft.answers.get().comment == "Version de Marc"

    def clash(self, desk, other_desk, path):
        mine, theirs = desk.get(path), other_desk.get(path)
        self.write(other_desk, path, theirs, value="non_conforme", comment="Version de Marc")
        return self.write(desk, path, mine, value="conforme", comment="Version de Pia")

    def test_s34_without_a_choice_both_are_shown_again(self, desk, other_desk, draft, path):
        page = self.clash(desk, other_desk, path)
        again = desk.post(path, form_in(page))
        assert again.status_code == 422
        assert "Version de Marc" in words_of(again)
        assert f"{CODE} : quelle réponse garder ? : Choisissez la réponse à garder." in words_of(again)
        assert draft.answers.get().comment == "Version de Marc"

    def test_s34_one_chooses_ones_own(self, desk, other_desk, draft, path, pia):
        page = self.clash(desk, other_desk, path)
        assert self.write(desk, path, page, choice="mine").status_code == 302
        row = draft.answers.get()
        assert (row.comment, row.version, row.declared_by_id) == ("Version de Pia", 2, pia.user_id)

    def test_s34_one_chooses_that_of_the_other(self, desk, other_desk, draft, path, marc):
        page = self.clash(desk, other_desk, path)
        assert self.write(desk, path, page, choice="theirs").status_code == 302
        row = draft.answers.get()
        assert (row.comment, row.version, row.declared_by_id) == ("Version de Marc", 1, marc.user_id)

    def test_s34_a_third_version_meanwhile_is_shown_too(self, desk, other_desk, draft, path):
        page = self.clash(desk, other_desk, path)
        self.write(other_desk, path, other_desk.get(path), comment="Troisième version")
        again = self.write(desk, path, page, choice="mine")
        assert again.status_code == 422
        assert "Troisième version" in words_of(again)
        assert draft.answers.get().comment == "Troisième version"

    def test_s34_the_rest_of_the_page_is_saved(self, desk, other_desk, draft, path):
        mine, theirs = desk.get(path), other_desk.get(path)
        self.write(other_desk, path, theirs, value="non_conforme")
        sent = form_in(mine) | {f"{CODE}-value": "conforme", "CRI-SEC-09-comment": "RPO 1 h."}
        page = desk.post(path, sent)
        assert draft.answers.get(criterion="CRI-SEC-09").comment == "RPO 1 h."
        assert self.write(desk, path, page, choice="mine").status_code == 302
        assert draft.answers.get(criterion="CRI-SEC-09").version == 1

    def test_pu_07_sent_meanwhile_what_was_typed_stays_on_the_page(self, desk, draft, path, pia):
        page = desk.get(path)
        Candidacy.objects.filter(id=draft.id).update(status=Status.SUBMITTED, submitted_by=pia.user, submitted_at=NOON)
        again = self.write(desk, path, page, comment="Trop tard")
        assert again.status_code == 422
        assert "Le dossier a été envoyé entre-temps" in words_of(again)
        assert form_in(again)[f"{CODE}-comment"] == "Trop tard"
        assert draft.answers.count() == 0

    def test_sto_28_the_orientation_changed_meanwhile_nothing_typed_is_lost(self, desk, draft, path):
        page = desk.get(path)
        Candidacy.objects.filter(id=draft.id).update(orientation={**draft.orientation, "web": "no"})
        sent = form_in(page) | {"CRI-SEC-02-comment": "HSTS un an.", f"{CODE}-comment": "Argon2id."}
        assert desk.post(path, sent).status_code == 302
        assert {row.criterion: row.comment for row in draft.answers.all()} == {
            "CRI-SEC-02": "HSTS un an.", CODE: "Argon2id.",
        }  # fmt: skip
        assert "HSTS un an." not in desk.get(path).content.decode()

    def test_sto_28_nor_when_the_whole_section_has_gone(self, desk, pia):
        draft = factories.candidacy(by=pia, exchange="read")
        place = page_of(draft, "rubrique/donnees-demandees/")
        page = desk.get(place)
        Candidacy.objects.filter(id=draft.id).update(exchange="none")
        response = desk.post(place, form_in(page) | {"CRI-ELI-03-comment": "Suivi.", "stay": "1"})
        assert response["Location"] == page_of(draft)
        assert draft.answers.get().comment == "Suivi."

    @pytest.mark.parametrize("code", ["CRI-XXX-01", "", "CRI-SEX-01"])
    def test_a_foreign_code_among_the_clashes_does_nothing(self, desk, path, code):
        assert desk.post(path, form_in(desk.get(path)) | {"clashing": code}).status_code == 302

    def test_once_sent_the_page_is_to_be_read(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert desk.get(page_of(sent, "rubrique/securite/"))["Location"] == page_of(sent, "relire/")
