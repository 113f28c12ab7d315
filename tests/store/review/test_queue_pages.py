"""RV-01: what waits, saved views, filters, « Prendre le suivant »."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.store.models import Candidacy, ReviewerTie
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
QUEUE = "/instruction/"


@pytest.fixture
def sam():
    return world.assessor(email="sam@ans.example")


def dossier(name: str, *, due: int = 3, status: Status = Status.ASSESSMENT, **values) -> Candidacy:
    by = factories.member()
    made = factories.candidacy(status, by=by, service=factories.service(by.publisher, name=name), **values)
    if made.queue:
        Candidacy.objects.filter(pk=made.pk).update(due_at=NOON + timedelta(days=due))
    return made


class TestViews:
    def test_what_waits_for_ones_roles_by_due_date(self, sam):
        dossier("Ma Rééduc", due=0)
        dossier("Souffle Léger", due=-2, reasons=["check-failed"])
        dossier("Carnet Rose", due=9, queue=Queue.SECOND_READER, assessor=world.assessor(email="awa@ans.example"))
        dossier("Au guichet", status=Status.ADMISSIBILITY)
        page = client_of(sam).get(QUEUE)
        words = words_of(page)
        assert "3 dossiers, triés par échéance, la plus proche d'abord. 1 en retard." in words
        assert words.index("Souffle Léger") < words.index("Ma Rééduc") < words.index("Carnet Rose")
        assert "Au guichet" not in words
        assert "en retard de 2 jours" in words
        assert "Aujourd'hui" in words
        assert "Contrôle en échec" in words
        assert title_of(page).startswith("Ce qui attend – ")

    def test_counts_of_saved_views(self, sam):
        mine = dossier("À moi", assignee=sam, assigned_at=NOON, assessor=sam)
        dossier("Libre", due=-1)
        dossier("Signalé", reasons=["answer-received"])
        dossier("Ailleurs", status=Status.COMPLEMENT)
        words = words_of(client_of(sam).get(QUEUE))
        for tab in ("Ce qui attend (3)", "À moi (1)", "Sans personne (2)", "En retard (1)", "Signalés (1)", "Tous (4)"):
            assert tab in words
        shown = words_of(client_of(sam).get(QUEUE, {"vue": "a-moi"}))
        assert mine.number in shown
        assert "Libre" not in shown
        assert "Vous" in shown

    def test_s33_shut_dossiers_are_neither_shown_nor_counted(self, sam):
        shut = dossier("Fermé pour Sam")
        ReviewerTie.objects.create(user=sam, siren=shut.publisher.siren, kind="salarié", since=date(2024, 1, 1))
        declared = dossier("Fermé aussi")
        world.declared(declared, sam, has_link=True)
        words = words_of(client_of(sam).get(QUEUE, {"vue": "tous"}))
        assert "Fermé" not in words
        assert "Tous (0)" in words

    def test_drafts_never_reach_the_back_office(self, sam):
        dossier("Brouillon secret", status=Status.DRAFT)
        assert "Tous (0)" in words_of(client_of(sam).get(QUEUE, {"vue": "tous"}))

    def test_empty_says_when_the_next_term_ends(self, sam):
        words = words_of(client_of(sam).get(QUEUE))
        assert "Rien n'attend." in words
        assert "Prendre le suivant" not in words
        dossier("Chez l'éditeur", status=Status.COMPLEMENT, due=5)
        assert "se termine le 30 novembre 2026" in words_of(client_of(sam).get(QUEUE))

    def test_an_unknown_view_is_the_first_one(self, sam):
        assert "Ce qui attend" in title_of(client_of(sam).get(QUEUE, {"vue": "x", "page": "99"}))

    def test_a_line_of_the_trail(self, sam):
        client_of(sam).get(QUEUE, {"vue": "tous", "etape": "instruction"})
        facts = AuditEvent.objects.get(action="store.case.list").facts
        assert facts == {"view": "tous", "shown": 0, "filters": "etape"}


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"etape": "instruction"}, {"Alpha", "Bêta"}),
            ({"file": "donnees"}, {"Bêta"}),
            ({"motif": "contested"}, {"Alpha"}),
            ({"retard": "on"}, {"Bêta"}),
            ({"editeur": "bêt"}, {"Bêta"}),
            ({"editeur": "pneumo"}, {"Alpha", "Bêta", "Gamma"}),
            ({"editeur": "rien de tel"}, set()),
        ],
    )
    def test_each(self, sam, query, found):
        dossier("Alpha", reasons=["contested"])
        dossier("Bêta", due=-1, queue=Queue.PRIVACY, assessor=world.assessor())
        dossier("Gamma", status=Status.ADMISSIBILITY)
        words = words_of(client_of(sam).get(QUEUE, {"vue": "tous", **query}))
        assert {name for name in ("Alpha", "Bêta", "Gamma") if f"{name} 2026-" in words} == found

    def test_an_active_filter_can_be_taken_away(self, sam):
        page = client_of(sam).get(QUEUE, {"vue": "tous", "etape": "instruction"})
        words = words_of(page)
        assert "Toutes" in words
        assert "nstruction" in words
        assert "Voir ce qui attend" in words
        assert "?vue=tous" in page.content.decode()

    def test_a_wrong_value_filters_nothing(self, sam):
        dossier("Alpha")
        assert "Alpha" in words_of(client_of(sam).get(QUEUE, {"etape": "nulle part"}))


class TestTakingTheNext:
    def test_it_is_mine_and_opens_with_the_declaration(self, sam):
        late = dossier("Souffle Léger", due=-2)
        page = client_of(sam).post(f"{QUEUE}suivant/", follow=True)
        late.refresh_from_db()
        assert late.assignee_id == sam.pk
        assert page.redirect_chain[-1][0].startswith(f"/instruction/dossiers/{late.id}/conflit/")
        assert "Vos liens avec l'éditeur" in words_of(page)

    def test_nothing_left(self, sam):
        assert "Rien à prendre" in words_of(client_of(sam).post(f"{QUEUE}suivant/", follow=True))

    def test_permission_lost_between_page_and_act(self, sam):
        waits = dossier("Libre")
        client = client_of(sam)
        assert "Prendre le suivant" in words_of(client.get(QUEUE))
        sam.staff_memberships.update(ended_at=NOON)
        assert client.post(f"{QUEUE}suivant/").status_code == 404
        waits.refresh_from_db()
        assert waits.assignee_id is None


class TestWhoComesIn:
    def test_a_member_of_the_commission_has_no_queue(self):
        assert client_of(factories.reviewer(StaffRole.MEMBER)).get(QUEUE).status_code == 404

    def test_others_of_the_staff(self):
        assert client_of(factories.reviewer(StaffRole.OPERATOR)).get(QUEUE).status_code == 404


@pytest.mark.parametrize("view", ["attend", "tous"])
def test_the_same_few_queries_for_one_and_twenty(sam, view):
    client, numbers = client_of(sam), []
    client.get(QUEUE)  # the first page of a session writes down when it was seen
    for rows in (1, 19):
        for place in range(rows):
            dossier(f"Service {place}", assignee=world.assessor(), assigned_at=NOON, reasons=["contested"])
        with CaptureQueriesContext(connection) as seen:
            assert client.get(QUEUE, {"vue": view}).status_code == 200
        numbers.append(len(seen))
    assert numbers[0] == numbers[1] <= 12
