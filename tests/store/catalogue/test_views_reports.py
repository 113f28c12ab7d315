"""ST-06, RV-10: pages of reports, for people, the desk and the publisher."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.store.models import Mail, Report
from tests.cast import Who, client_of, make_cast
from tests.dmp.pages import main_of, words_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in
from tests.store.catalogue.shelf import put
from tests.store.catalogue.test_reporting import holder, reported

pytestmark = pytest.mark.django_db
NEW, QUEUE = "/services/mesurna/signaler/", "/instruction/signalements/"
TYPED = {"kind": "donnees", "text": "Mes données servent à de la publicité."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk() -> PortalClient:
    return client_of(factories.reviewer(StaffRole.DESK))


class TestPublic:
    def test_the_page_leads_there_and_says_nothing_about_health(self, client):
        put("Mesurna")
        assert f'href="{NEW}"' in main_of(client.get("/services/mesurna/"))
        words = words_of(client.get(NEW))
        assert "N'écrivez rien sur votre santé" in words
        assert "nous ne pourrons pas vous répondre" in words
        for kind in ("Données utilisées autrement", "Sécurité", "Prix ou publicité", "Autre chose"):
            assert kind.lower() in words.lower()

    def test_acknowledged_at_once_with_a_number(self, client):
        put("Mesurna")
        answer = client.post(NEW, TYPED)
        assert answer["Location"] == "/services/mesurna/"
        words = words_of(client.get(answer["Location"]))
        assert "Signalement S2026-00001 reçu" in words
        assert "au plus tard le 25 novembre 2026" in words
        assert Report.objects.get().reporter is None

    def test_sent_twice_it_is_one_report_with_one_number(self, client):
        put("Mesurna")
        factories.reviewer(StaffRole.DESK)
        given = form_in(client.get(NEW)) | TYPED
        for _twice in range(2):
            assert "Signalement S2026-00001 reçu" in words_of(client.post(NEW, given, follow=True))
        assert Report.objects.count() == 1
        assert set(Mail.objects.values_list("key", flat=True)) == {f"report:{Report.objects.get().pk}"}
        client.post(NEW, given | {"text": "Autre chose."})
        assert Report.objects.count() == 2

    def test_what_is_missing_is_told_and_what_was_typed_stays(self, client):
        put("Mesurna")
        page = client.post(NEW, {"text": "Trop cher"})
        assert page.status_code == 422
        assert "Choisissez un type de problème." in words_of(page)
        assert "Trop cher" in words_of(page)

    def test_p_04_a_health_number_is_refused_with_an_explanation(self, client):
        put("Mesurna")
        page = client.post(NEW, {"kind": "prix", "text": "2 85 05 78 006 084 36"})
        assert page.status_code == 422
        assert "Retirez le numéro de sécurité sociale" in words_of(page)
        assert not Report.objects.exists()

    def test_sec_09_ten_an_hour_from_one_address(self, client, settings):
        settings.LIMITS = {**settings.LIMITS, "report_address": (2, 3600)}
        put("Mesurna")
        assert [client.post(NEW, TYPED).status_code for _ in range(3)] == [302, 302, 429]
        assert Report.objects.count() == 2


class TestInASpace:
    def test_the_answer_is_read_there(self):
        cast = make_cast()
        put("Mesurna")
        client, base = client_of(cast.users[Who.HOLDER]), f"/e/{cast.space.id}"
        assert f'href="{base}/services/mesurna/signaler/"' in main_of(client.get(f"{base}/services/mesurna/"))
        client.post(f"{base}/services/mesurna/signaler/", TYPED)
        made = Report.objects.get()
        assert made.reporter_id == cast.users[Who.HOLDER].pk
        assert AuditEvent.objects.get(action="store.report.create").scope_id == cast.space.id
        assert "Prochaine étape au plus tard le 25 novembre 2026" in words_of(client.get(f"{base}/signalements/"))
        client_of(factories.reviewer(StaffRole.DESK)).post(
            f"{QUEUE}{made.pk}/", {"outcome": "unfounded", "answer": "Aucune publicité trouvée.", "note": ""}
        )
        words = words_of(client.get(f"{base}/signalements/"))
        assert "Aucune publicité trouvée." in words
        assert "Non fondé" in words

    def test_a_delegate_reports_as_anybody_does(self):
        cast = make_cast()
        put("Mesurna")
        client = client_of(cast.users[Who.DELEGATE])
        assert f'href="{NEW}"' in main_of(client.get(f"/e/{cast.space.id}/services/mesurna/"))
        assert client.get(f"/e/{cast.space.id}/services/mesurna/signaler/").status_code == 404

    def test_empty_says_what_will_fill_it(self):
        cast = make_cast()
        page = client_of(cast.users[Who.HOLDER]).get(f"/e/{cast.space.id}/signalements/")
        assert "Aucun signalement" in words_of(page)


class TestDesk:
    def test_rv_10_a_list_with_kind_term_and_gravity(self, desk):
        put("Mesurna")
        reported("securite")
        words = words_of(desk.get(QUEUE))
        for said in ("1 signalement, les urgents", "S2026-00001 · Mesurna", "Sécurité", "25 novembre 2026", "Urgent"):
            assert said in words, said
        assert "fr-badge--warning" in main_of(desk.get(QUEUE))
        assert "urgents" not in words_of(desk.get(f"{QUEUE}?vue=clos"))

    def test_from_the_list_to_the_answer(self, desk):
        put("Mesurna")
        made = reported(actor=holder())
        url = f"{QUEUE}{made.pk}/"
        page = desk.get(url)
        assert "Trop cher." in words_of(page)
        assert str(made.reporter_id) not in main_of(page)
        assert AuditEvent.objects.filter(action="store.report.read", target=f"report:{made.pk}").count() == 1
        assert desk.post(f"{url}prendre/")["Location"] == url
        assert "En cours d'examen" in words_of(desk.get(url))
        answer = desk.post(url, {"outcome": "founded", "answer": "Corrigé.", "note": "Affichez le prix."})
        assert answer["Location"] == QUEUE
        assert "Signalement clos" in words_of(desk.get(QUEUE))
        assert "Fondé" in words_of(desk.get(f"{QUEUE}?vue=clos"))

    def test_a_note_is_needed_where_it_is_founded(self, desk):
        put("Mesurna")
        page = desk.post(f"{QUEUE}{reported().pk}/", {"outcome": "founded", "answer": "Corrigé.", "note": ""})
        assert page.status_code == 422
        assert "Dites à l'éditeur ce qui a été constaté." in words_of(page)
        assert "verdict" not in words_of(page)
        assert Report.objects.get().state == "received"

    def test_s34_somebody_was_quicker(self, desk):
        put("Mesurna")
        url = f"{QUEUE}{reported().pk}/"
        closing = {"outcome": "unfounded", "answer": "Non.", "note": ""}
        desk.post(url, closing)
        page = desk.post(url, closing)
        assert page.status_code == 409
        desk.post(f"{url}prendre/")
        assert "Rien n'a été modifié" in words_of(desk.get(url))

    def test_an_assessor_reads_and_does_not_act(self):
        put("Mesurna")
        made = reported()
        client = client_of(factories.reviewer(StaffRole.ASSESSOR))
        page = client.get(f"{QUEUE}{made.pk}/")
        assert "Clore le signalement" not in words_of(page)
        assert client.post(f"{QUEUE}{made.pk}/prendre/").status_code == 404
        typed = {"outcome": "unfounded", "answer": "Non.", "note": ""}
        assert client.post(f"{QUEUE}{made.pk}/", typed).status_code == 404

    def test_as_many_queries_for_twenty_as_for_one(self, desk):
        put("Mesurna")
        reported()
        desk.get(QUEUE)
        with CaptureQueriesContext(connection) as one:
            desk.get(QUEUE)
        for _ in range(19):
            reported()
        with CaptureQueriesContext(connection) as many:
            desk.get(QUEUE)
        assert len(one) == len(many) <= 12

    def test_empty_says_where_they_come_from(self, desk):
        assert "Aucun signalement ici" in words_of(desk.get(QUEUE))


def test_sto_46_the_publisher_reads_the_note_and_not_the_words(desk):
    shown = put("Mesurna")
    made = reported(actor=holder())
    desk.post(f"{QUEUE}{made.pk}/", {"outcome": "founded", "answer": "Corrigé.", "note": "Affichez le prix."})
    pia = shown.publisher.members.get().user
    words = words_of(client_of(pia).get(f"/editeurs/services/{shown.pk}/"))
    assert "Affichez le prix." in words
    assert "Trop cher" not in words
    assert "Corrigé" not in words
