"""Pages of one dossier: who comes in, declaration, head, dossier, history, assignment (RV-02, RV-03, S33, S34)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.files.models import StoredFile
from apps.store import criteria
from apps.store.models import Answer, Candidacy, Mail, ReviewerTie
from apps.store.services import assigning
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
TABS = ["", "recevabilite/", "grille/", "controles/", "avis/", "echanges/", "historique/"]


def at(of: Candidacy, part: str = "") -> str:
    return f"/instruction/dossiers/{of.id}/{part}"


@pytest.fixture
def sam():
    return world.assessor(email="sam@ans.example")


@pytest.fixture
def dossier(sam):
    by = factories.member()
    named = factories.service(by.publisher, name="Ma Rééduc")
    return world.assessment(sam, by=by, service=named, reasons=["contested"])


class TestDeclaration:
    @pytest.mark.parametrize("part", [*TABS, "attribuer/"])
    def test_every_page_asks_for_it_first(self, dossier, part):
        ada = world.assessor()
        page = client_of(ada).get(at(dossier, part))
        assert page.status_code == 302
        assert page.url.startswith(at(dossier, "conflit/"))

    def test_an_act_does_not_go_round_it(self, dossier):
        page = client_of(world.assessor()).post(at(dossier, "prendre/"), {"seen": dossier.sequence})
        assert page.url.startswith(at(dossier, "conflit/"))

    def test_it_names_the_publisher_and_nothing_of_the_dossier(self, dossier):
        words = words_of(client_of(world.assessor()).get(at(dossier, "conflit/")))
        assert "Pneumo Services" in words
        assert dossier.publisher.siren in words
        assert "Ma Rééduc" not in words

    def test_no_link_goes_on_to_the_page_that_was_asked_for(self, dossier):
        client = client_of(world.assessor())
        asked = client.get(at(dossier, "historique/")).url
        page = client.post(asked, {"link": "none"})
        assert page.url == at(dossier, "historique/")

    @pytest.mark.parametrize("back", ["//evil.example/", "abc", "store:review_queue", "/\\evil.example"])
    def test_nor_out_of_the_portal(self, dossier, back):
        page = client_of(world.assessor()).post(at(dossier, f"conflit/?suite={back}"), {"link": "none"})
        assert page.url == at(dossier)

    def test_s33_a_link_closes_it_everywhere(self, sam, dossier):
        client = client_of(sam)
        page = client.post(at(dossier, "conflit/"), {"link": "link", "kind": "Ancien salarié"}, follow=True)
        assert "Le dossier est fermé pour vous" in page.content.decode()
        dossier.refresh_from_db()
        assert (dossier.assignee_id, dossier.queue) == (None, Queue.ASSESSOR)
        for part in [*TABS, "attribuer/", "conflit/", "complements/"]:
            assert client.get(at(dossier, part)).status_code == 404
        assert client.post(at(dossier, "prendre/"), {"seen": 1}).status_code == 404

    def test_a_link_needs_its_kind(self, sam, dossier):
        page = client_of(sam).post(at(dossier, "conflit/"), {"link": "link", "kind": " "})
        assert page.status_code == 422
        assert title_of(page).startswith("Erreur")

    def test_nothing_chosen(self, sam, dossier):
        page = client_of(sam).post(at(dossier, "conflit/"), {})
        assert "Dites si vous avez un lien." in words_of(page)


class TestWhoComesIn:
    def test_s33_a_known_tie_is_a_404_and_a_line_of_the_trail(self, dossier):
        eve = world.assessor()
        ReviewerTie.objects.create(user=eve, siren=dossier.publisher.siren, kind="associée", since=date(2020, 1, 1))
        assert client_of(eve).get(at(dossier)).status_code == 404
        line = AuditEvent.objects.get(action="store.case.read")
        assert (line.outcome, line.target) == (AuditEvent.Outcome.DENIED, f"candidacy:{dossier.id}")

    def test_a_draft(self, sam):
        assert client_of(sam).get(at(factories.candidacy())).status_code == 404
        assert not AuditEvent.objects.filter(action="store.case.read").exists()

    def test_permission_lost_between_page_and_act(self, sam, dossier):
        client = client_of(sam)
        assert client.get(at(dossier, "attribuer/")).status_code == 200
        sam.staff_memberships.update(ended_at=NOON)
        page = client.post(at(dossier, "attribuer/"), {"to": "file", "reason": "x", "seen": 0})
        assert page.status_code == 404
        dossier.refresh_from_db()
        assert dossier.assignee_id == sam.pk

    def test_a_member_of_the_commission_reads_what_is_on_an_agenda(self, dossier):
        member = factories.reviewer(StaffRole.MEMBER)
        assert client_of(member).get(at(dossier, "conflit/")).status_code == 404
        assert client_of(member).get(at(dossier)).status_code == 404
        assert not AuditEvent.objects.filter(action="store.case.read").exists(), "no link, no conflict"


class TestHead:
    def test_state_turn_people_flags(self, sam, dossier):
        words = words_of(client_of(sam).get(at(dossier)))
        assert "nstruction." in words
        assert "instructeur d'agir, jusqu'au 23 janvier 2027." in words
        assert "Il vous est attribué." in words
        assert f"Dossier {dossier.number}, éditeur Pneumo Services, grille 2026-1." in words
        assert "Instructeur : sam@ans.example." in words
        assert "Résultat contesté" in words

    def test_take_shows_while_nobody_has_it(self, sam):
        free = factories.candidacy(Status.ASSESSMENT)
        world.declared(free, sam)
        client = client_of(sam)
        assert "Prendre ce dossier" in words_of(client.get(at(free)))
        page = client.post(at(free, "prendre/"), {"seen": free.sequence}, follow=True)
        assert "Dossier pris" in words_of(page)
        assert "Prendre ce dossier" not in words_of(page)
        free.refresh_from_db()
        assert free.assessor_id == sam.pk

    def test_each_opening_is_a_line_of_the_trail(self, sam, dossier):
        client_of(sam).get(at(dossier, "historique/"))
        line = AuditEvent.objects.get(action="store.case.read")
        assert (line.facts, line.scope_id) == ({"page": "history"}, dossier.publisher_id)


class TestDossier:
    def test_answers_with_their_pieces(self, sam, dossier):
        factories.answered(dossier)
        piece = factories.evidence(dossier, title="Analyse d'impact", criteria=["CRI-RGP-03"])
        waiting = factories.evidence(dossier, title="En attente", state=StoredFile.State.WAITING, criteria=[])
        factories.sheet(dossier)
        page = client_of(sam).get(at(dossier))
        words = words_of(page)
        assert "Oui, depuis 2025." in words
        assert "Noter ses crises et préparer sa consultation." in words
        assert "aucun virus trouvé" in words
        assert "antivirus en cours" in words
        assert at(dossier, f"pieces/{piece.id}/") in main_of(page)
        assert at(dossier, f"pieces/{waiting.id}/") not in main_of(page)

    def test_sto_84_logo_and_screenshots_are_pieces_of_the_page(self, sam, dossier):
        logo = factories.evidence(dossier, title="Logo", use="logo", criteria=["CRI-FIC-02"])
        seen = factories.evidence(
            dossier, title="Accueil", use="screenshot", alternative="La page d'accueil.", criteria=["CRI-FIC-02"]
        )
        factories.evidence(dossier, title="Lettre", use="exchange", criteria=[])
        client = client_of(sam)
        for part in ("", "grille/cri-fic-02/"):
            page = client.get(at(dossier, part))
            words = words_of(page)
            for piece in (logo, seen):
                assert at(dossier, f"pieces/{piece.id}/") in main_of(page)
            assert "logo · aipd.pdf" in words
            assert "capture d'écran · aipd.pdf" in words
            assert "Texte alternatif : La page d'accueil." in words
            assert "Lettre" not in words

    def test_sto_84_the_page_is_read_in_words_also_once_it_is_shown(self, sam):
        listing = factories.listing()
        factories.sheet(listing.candidacy, replaced_at=NOON, shown_at=NOON, tagline="Avant.")
        listing.candidacy.sheets.filter(replaced_at=None).update(
            languages=["fr", "en"], accessibility_rate=86, eco_score="B", version=2
        )
        world.declared(listing.candidacy, sam)
        words = words_of(client_of(sam).get(at(listing.candidacy)))
        for said in ("français, anglais", "France", "86", "Adresse du site", "Écoscore"):
            assert said.lower() in words.lower()
        assert "Avant." not in words

    def test_what_has_changed_since_the_last_dossier(self, sam, dossier):
        old = factories.candidacy(Status.REFUSED, by=dossier.publisher.members.get(), service=dossier.service)
        old.submitted_at = NOON.replace(year=2025)
        old.save(update_fields=["submitted_at"])
        factories.answered(old)
        factories.answered(dossier)
        first, second, third = world.GRID[:3]
        Answer.objects.filter(candidacy=dossier, criterion=first).update(comment="Oui, depuis 2026.")
        Answer.objects.filter(candidacy=old, criterion=second).delete()
        words = words_of(client_of(sam).get(at(dossier)))
        assert f"Par rapport au dossier {old.number} : 2 réponses nouvelles ou modifiées." in words
        assert f"Modifié depuis le dossier {old.number}. Il disait :" in words
        assert f"Nouveau depuis le dossier {old.number}." in words
        assert f"Comme dans le dossier {old.number}." in words
        assert criteria.criterion_of(criteria.CURRENT, third) is not None

    def test_the_dossier_it_was_copied_from_counts_first(self, sam, dossier):
        source = factories.candidacy(Status.LAPSED, by=dossier.publisher.members.get(), service=dossier.service)
        factories.answered(source)
        factories.answered(dossier)
        dossier.copied_from = source
        dossier.save(update_fields=["copied_from"])
        assert f"Par rapport au dossier {source.number}" in words_of(client_of(sam).get(at(dossier)))

    def test_texts_of_people_are_no_html(self, sam, dossier):
        Answer.objects.create(
            candidacy=dossier, criterion=world.GRID[0], value="conforme", comment="<script>alert(1)</script>",
            declared_by=dossier.created_by, declared_at=NOON,
        )  # fmt: skip
        assert "<script>alert" not in main_of(client_of(sam).get(at(dossier)))

    def test_a_file_of_another_dossier(self, sam, dossier):
        elsewhere = factories.evidence(factories.candidacy(Status.ASSESSMENT))
        assert client_of(sam).get(at(dossier, f"pieces/{elsewhere.id}/")).status_code == 404

    def test_a_file_that_no_antivirus_has_cleared(self, sam, dossier):
        infected = factories.evidence(dossier, state=StoredFile.State.WAITING)
        assert client_of(sam).get(at(dossier, f"pieces/{infected.id}/")).status_code == 404


def test_history_says_who_and_then(sam, dossier):
    ada = world.assessor(email="ada@ans.example")
    world.declared(dossier, ada)
    assigning.assign(
        actor=factories.at_work(sam), candidacy_id=dossier.id, to=ada.pk, reason="Congé de Sam", seen=0, at=NOON
    )
    words = words_of(client_of(ada).get(at(dossier, "historique/")))
    assert "Attribué à ada@ans.example" in words
    assert "sam@ans.example (instructeur)" in words
    assert "Congé de Sam" in words
    assert "On attend : instructeur, jusqu'au" in words


class TestAssign:
    def test_to_a_colleague(self, sam, dossier):
        ada = world.assessor(email="ada@ans.example")
        client = client_of(sam)
        assert "ada@ans.example" in words_of(client.get(at(dossier, "attribuer/")))
        page = client.post(
            at(dossier, "attribuer/"), {"to": str(ada.pk), "reason": "Charge", "seen": dossier.sequence}, follow=True
        )
        assert "Dossier attribué" in words_of(page)
        assert Mail.objects.get().user_id == ada.pk

    def test_s34_from_an_old_page_says_who_and_when_and_keeps_what_was_typed(self, sam, dossier):
        ada = world.assessor(email="ada@ans.example")
        assigning.assign(
            actor=factories.at_work(sam), candidacy_id=dossier.id, to=ada.pk, reason="Charge", seen=0, at=NOON
        )
        page = client_of(sam).post(at(dossier, "attribuer/"), {"to": "file", "reason": "Trop long", "seen": 0})
        words = words_of(page)
        assert page.status_code == 409
        assert "Modifié par sam@ans.example à 13 h 00" in words
        assert "Rien n'a été écrasé" in words
        assert "Trop long" in main_of(page)
        dossier.refresh_from_db()
        assert dossier.assignee_id == ada.pk
        assert Mail.objects.count() == 1

    def test_s33_not_to_somebody_with_a_link(self, sam, dossier):
        eve = world.assessor()
        ReviewerTie.objects.create(user=eve, siren=dossier.publisher.siren, kind="associée", since=date(2020, 1, 1))
        page = client_of(sam).post(at(dossier, "attribuer/"), {"to": str(eve.pk), "reason": "x", "seen": 0})
        assert page.status_code == 422
        assert "Cette personne a un lien avec l'éditeur" in words_of(page)

    def test_the_page_of_somebody_without_the_role(self, dossier):
        dora = world.desk_officer()
        world.declared(dossier, dora)
        client = client_of(dora)
        assert "Seules les personnes du rôle attendu" in words_of(client.get(at(dossier, "attribuer/")))
        assert client.post(at(dossier, "attribuer/"), {"to": "file", "reason": "x", "seen": 0}).status_code == 404


@pytest.mark.parametrize("part", [*TABS, "attribuer/", "conflit/", "complements/", f"grille/{world.GRID[3].lower()}/"])
def test_few_queries_and_the_same_for_much(sam, part):
    """Twenty answers, pieces, events and messages cost no more than one."""
    client, numbers = client_of(sam), []
    client.get("/instruction/")  # the first page of a session writes down when it was seen
    for rows in (1, 20):
        made = world.assessment(sam)
        for place in range(rows):
            code = world.GRID[place]
            Answer.objects.create(
                candidacy=made, criterion=code, value="conforme", declared_by=made.created_by, declared_at=NOON
            )
            factories.evidence(made, criteria=[code])
            made.messages.create(side="editeur", author=made.created_by, text="Bonjour", at=NOON)
            made.steps.create(
                kind="tls", target=f"h{place}.example", round=1, cause="submission", due_at=NOON, asked_at=NOON,
                state="done", outcome="pass", finished_at=NOON,
            )  # fmt: skip
            made.judgements.create(criterion=code, version=1, verdict="conforme", by=sam, at=NOON)
            made.events.create(
                sequence=place + 50, event="hand_over", after="instruction", by="instructeur", actor=str(sam.pk),
                at=NOON, queue="instructeur", due_at=NOON,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            assert client.get(at(made, part)).status_code in {200, 302}
        numbers.append(len(seen))
    assert numbers[0] == numbers[1] <= 12, "\n".join(query["sql"][:120] for query in seen.captured_queries)
