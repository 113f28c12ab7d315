"""Pages of referenced services: back office, publisher, statistics (RV-09, RV-11, PU-11)."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffMembership, StaffRole
from apps.audit.services import AuditEvent
from apps.store.models import CandidacyEvent, ConflictDeclaration, Decision
from apps.store.states import Event, ListingStatus, Queue, Status
from apps.store.views.listing_act_list import ACTS
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in
from tests.store.surveillance import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST, STATS = "/instruction/services/", "/instruction/statistiques/"
REASONS = {"grounds": ["R1111-38"], "facts": "Certificat échu.", "signatory": "Claire Aubin, déléguée"}


def browser(*roles: StaffRole):
    return client_of(world.reviewer(*roles))


def page(listing, act: str = "") -> str:
    return f"{LIST}{listing.id}/{act}"


def count(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


class TestList:
    def test_empty_says_what_will_come(self):
        assert "Aucun service ici" in words_of(browser(StaffRole.DESK).get(LIST))

    def test_state_and_turn_of_each(self):
        one = world.listing(
            ListingStatus.FORMAL_NOTICE, queue=Queue.PUBLISHER, due_at=NOON + timedelta(days=9), waits_since=NOON
        )
        words = words_of(browser(StaffRole.DESK).get(LIST))
        assert one.service.name in words
        assert "L'éditeur doit agir avant le 4 décembre 2026 inclus." in words
        assert "Mise en demeure" in words

    def test_what_waits_for_my_role(self):
        waits = world.listing(queue=Queue.DESK, due_at=NOON, waits_since=NOON)
        rests = world.listing()
        words = words_of(browser(StaffRole.DESK).get(f"{LIST}?vue=attente"))
        assert waits.service.name in words
        assert rests.service.name not in words
        assert waits.service.name not in words_of(browser(StaffRole.ASSESSOR).get(f"{LIST}?vue=attente"))

    def test_as_many_queries_for_one_and_twenty(self):
        client = browser(StaffRole.DESK)
        world.listing()
        one = count(client, LIST)
        for _ in range(19):
            world.listing()
        assert count(client, LIST) == one <= 12

    def test_s33_a_link_to_the_publisher_shuts_the_service(self):
        listing, member = factories.listing(), factories.reviewer(StaffRole.DESK)
        ConflictDeclaration.objects.create(
            candidacy=listing.candidacy, user=member, has_link=True, kind="Salarié", at=NOON
        )
        client = client_of(member)
        assert listing.service.name not in words_of(client.get(LIST))
        assert [client.get(page(listing, act)).status_code for act in ("", "precaution/")] == [404, 404]


class TestService:
    def test_dates_acts_and_history(self):
        listing = world.listing()
        answer = browser(StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.DELEGATE).get(page(listing))
        words = words_of(answer)
        assert "Publié. Rien n'est attendu." in words
        for label in ("Mettre en demeure", "Suspendre à titre conservatoire", "Commencer un audit", "Suspendre"):
            assert label in words
        assert "Classer sans suite" not in words
        assert AuditEvent.objects.filter(action="store.listing.read", target=f"listing:{listing.id}").count() == 1

    def test_queries(self):
        listing = world.listing()
        assert count(browser(StaffRole.DESK), page(listing)) <= 12

    @pytest.mark.parametrize("act", [act.slug for act in ACTS])
    def test_an_act_that_is_not_possible_now_is_a_404_or_a_page(self, act):
        listing = world.listing()
        roles = (StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.DELEGATE)
        known = next(one for one in ACTS if one.slug == act)
        expected = 200 if known.when(listing) else 404
        assert browser(*roles).get(page(listing, f"{act}/")).status_code in {
            expected,
            302 if known.is_grave else expected,
        }
        assert browser(StaffRole.SECRETARIAT).get(page(listing, f"{act}/")).status_code == 404


class TestActs:
    def test_notice_from_the_form_to_the_page(self):
        listing = world.listing()
        client = browser(StaffRole.DESK)
        data = {**REASONS, "effect_on": "2027-01-31", "seen": "0"}
        answer = client.post(page(listing, "mise-en-demeure/"), data, follow=True)
        assert "Mise en demeure notifiée" in title_of(answer)
        assert "notifiée le 25 novembre 2026" in words_of(answer)

    def test_nothing_typed_is_lost_when_somebody_was_quicker(self):
        listing = world.listing()
        first, second = browser(StaffRole.DESK), browser(StaffRole.DELEGATE)
        first.post(page(listing, "precaution/"), {**REASONS, "seen": "0"})
        answer = second.post(page(listing, "suspendre/"), {**REASONS, "facts": "Mes motifs.", "seen": "0"})
        assert answer.status_code == 409
        words = words_of(answer)
        assert "Mes motifs." in words
        assert "suspension" in words
        assert Decision.objects.filter(kind="suspend").count() == 0

    def test_s34_a_page_shown_again_for_a_fault_has_not_shown_the_other_state(self):
        listing = factories.listing()
        first, second = browser(StaffRole.DESK), browser(StaffRole.DELEGATE)
        first.post(page(listing, "mise-en-demeure/"), {**REASONS, "effect_on": "2027-01-31", "seen": "0"})
        forgot = second.post(page(listing, "suspendre/"), {"facts": "Mes motifs.", "seen": "0"})
        assert forgot.status_code == 422
        assert 'name="seen" value="0"' in forgot.content.decode()
        assert second.post(page(listing, "suspendre/"), {**REASONS, "seen": "0"}).status_code == 409

    def test_a_role_that_ended_in_the_middle_opens_nothing(self):
        listing = world.listing()
        client = browser(StaffRole.DESK)
        assert client.get(page(listing, "precaution/")).status_code == 200
        StaffMembership.objects.update(ended_at=NOON)
        assert client.post(page(listing, "precaution/"), {**REASONS, "seen": "0"}).status_code == 404
        listing.refresh_from_db()
        assert listing.status == ListingStatus.PUBLISHED

    def test_missing_reasons_are_asked_for(self):
        listing = world.listing()
        answer = browser(StaffRole.DESK).post(page(listing, "precaution/"), {"seen": "0"})
        assert answer.status_code == 422
        assert "Cochez au moins un texte." in words_of(answer)

    @pytest.mark.parametrize(
        ("act", "role"),
        [("precaution/", StaffRole.DESK), ("suspendre/", StaffRole.DELEGATE), ("audit/", StaffRole.ASSESSOR)],
    )
    def test_rv_03_who_has_not_declared_is_led_there_and_back(self, act, role):
        listing = world.listing()
        client = client_of(factories.reviewer(role))
        answer = client.get(page(listing, act))
        where = f"/instruction/dossiers/{listing.candidacy_id}/conflit/?suite={quote(page(listing, act), safe='')}"
        assert (answer.status_code, answer.url) == (302, where)
        assert client.get(where).status_code == 200
        assert client.post(where, {"link": "none"}).url == page(listing, act)
        assert client.get(page(listing, act)).status_code == 200

    def test_rv_03_who_declares_a_link_there_sees_the_service_no_more(self):
        listing = world.listing()
        client = client_of(factories.reviewer(StaffRole.DELEGATE))
        client.post(client.get(page(listing, "suspendre/")).url, {"link": "link", "kind": "Ancien salarié"})
        assert [client.get(page(listing, act)).status_code for act in ("", "suspendre/")] == [404, 404]

    def test_rv_03_nothing_is_done_before_and_nothing_typed_is_lost(self):
        listing = world.listing()
        client = client_of(factories.reviewer(StaffRole.DESK))
        answer = client.post(page(listing, "precaution/"), {**REASONS, "facts": "Mes motifs.", "seen": "0"})
        assert answer.status_code == 422
        assert "Mes motifs." in words_of(answer)
        assert "Déclarez d'abord si vous avez un lien avec l'éditeur." in words_of(answer)
        assert not Decision.objects.filter(listing_id=listing.id).exists()

    def test_queries_of_an_act(self):
        listing = world.listing()
        assert count(browser(StaffRole.DELEGATE), page(listing, "suspendre/")) <= 12


class TestSecondSignature:
    """One queue for the second signature of two kinds: the page offers those of the kind that waits."""

    WITHDRAWAL, SUSPENSION = ("confirmer-retrait", "renvoyer-retrait"), ("confirmer-suspension", "renvoyer-suspension")

    def offered(self, listing) -> str:
        return browser(StaffRole.DELEGATE).get(page(listing)).content.decode()

    def test_sto_78_a_withdrawal_of_a_suspended_service_can_be_sent_back(self):
        due = {"queue": Queue.CONFIRMER, "due_at": NOON, "waits_since": NOON}
        listing = factories.listing(ListingStatus.SUSPENDED, reasons=["withdrawal-proposed"], **due)
        html = self.offered(listing)
        assert [slug in html for slug in (*self.WITHDRAWAL, *self.SUSPENSION)] == [True, True, False, False]

    def test_sto_76_a_suspension_offers_no_withdrawal(self):
        due = {"queue": Queue.CONFIRMER, "due_at": NOON, "waits_since": NOON}
        html = self.offered(factories.listing(ListingStatus.SUSPENDED, **due))
        assert [slug in html for slug in (*self.WITHDRAWAL, *self.SUSPENSION)] == [False, False, True, True]


class TestPublisher:
    def test_list_and_page(self):
        member = factories.member()
        listing = world.listing(by=member)
        other = world.listing()
        client = client_of(member.user)
        words = words_of(client.get("/editeurs/services/"))
        assert listing.service.name in words
        assert other.service.name not in words
        own = words_of(client.get(f"/editeurs/services/{listing.id}/"))
        assert "Signaler un incident de sécurité" in own
        assert client.get(f"/editeurs/services/{other.id}/").status_code == 404

    def test_decisions_26_an_unsigned_withdrawal_stays_in_the_back_office(self):
        member = factories.member()
        listing = factories.listing(by=member)
        first, second = browser(StaffRole.DELEGATE), browser(StaffRole.DELEGATE)
        first.post(page(listing, "retirer/"), {**REASONS, "effect_on": "2027-01-31", "seen": "0"})
        path = f"/editeurs/services/{listing.id}/"
        waiting = words_of(client_of(member.user).get(path))
        assert "Rien n'est attendu de vous" in waiting
        second.post(page(listing, "renvoyer-retrait/"), {"facts": "Mal ficelé par Claire.", "seen": "1"})
        sent_back = words_of(client_of(member.user).get(path))
        for words in (waiting, sent_back):
            for inner in ("second", "Mal ficelé", "Certificat échu"):
                assert inner not in words
        assert "Mal ficelé par Claire." in words_of(second.get(page(listing)))

    def test_what_the_desk_writes_when_it_closes_an_incident_stays_there(self):
        member = factories.member()
        listing = factories.listing(by=member)
        path = f"/editeurs/services/{listing.id}/"
        client = client_of(member.user)
        client.post(f"{path}incident/", {"facts": "Fuite possible.", "seen": "0"})
        browser(StaffRole.DESK).post(page(listing, "classer/"), {"facts": "Fausse alerte.", "seen": "1"})
        words = words_of(client.get(path))
        assert "Fuite possible." in words
        assert "Fausse alerte." not in words

    def test_pu_11_an_incident_can_be_told_during_a_formal_notice(self):
        member = factories.member()
        due = {"queue": Queue.PUBLISHER, "due_at": NOON + timedelta(days=9), "waits_since": NOON}
        listing = factories.listing(ListingStatus.FORMAL_NOTICE, by=member, **due)
        client, path = client_of(member.user), f"/editeurs/services/{listing.id}/"
        assert "Signaler un incident de sécurité" in words_of(client.get(path))
        answer = client.post(f"{path}incident/", {"facts": "Fuite possible.", "seen": "0"}, follow=True)
        assert "incident signalé" in words_of(answer).lower()
        desk = browser(StaffRole.DESK)
        assert listing.service.name in words_of(desk.get(f"{LIST}?vue=attente"))
        assert "Classer sans suite" in words_of(desk.get(page(listing)))

    def test_nothing_yet(self):
        assert "Aucun service publié" in words_of(client_of(factories.member().user).get("/editeurs/services/"))

    def test_the_declaration_from_the_page(self):
        member = factories.member()
        due = {"queue": Queue.PUBLISHER, "due_at": NOON + timedelta(days=20), "waits_since": NOON}
        listing = world.listing(ListingStatus.DECLARATION_DUE, by=member, **due)
        client, path = client_of(member.user), f"/editeurs/services/{listing.id}/declarer/"
        assert "À vous d'agir" in words_of(client.get(f"/editeurs/services/{listing.id}/"))
        refused = client.post(path, {"answer": "changed", "facts": "", "seen": "0"})
        assert refused.status_code == 422
        assert "Dites ce qui a changé." in words_of(refused)
        answer = client.post(path, {"answer": "same", "facts": "", "seen": "0"}, follow=True)
        assert "Déclaration enregistrée" in title_of(answer)
        assert client.get(path).status_code == 404

    def test_the_public_page_changes_its_editorial_part_alone(self):
        member = factories.member()
        listing = world.listing(by=member)
        client, path = client_of(member.user), f"/editeurs/services/{listing.id}/fiche/"
        form = client.get(path).content.decode()
        assert 'name="tagline"' in form
        assert 'name="hosting_name"' not in form
        data = {"tagline": "Neuf", "description": "Texte.", "needs": ["sommeil"], "audiences": ["adulte"],
                "languages": ["fr"], "support_email": "aide@editeur.example", "seen": "1"}  # fmt: skip
        assert "Fiche publique modifiée" in title_of(client.post(path, data, follow=True))
        again = client.post(path, {**data, "tagline": "Autre"})
        assert again.status_code == 409
        assert "Autre" in again.content.decode()
        assert "Modifié par Pia Lormont" in words_of(again)
        assert "Neuf" in words_of(again)  # what the colleague has published
        assert "Fiche publique modifiée" in title_of(
            client.post(path, {**data, "tagline": "Autre", "seen": form_in(again)["seen"]}, follow=True)
        )

    def test_sto_13_a_stale_page_names_no_member_of_the_staff(self):
        member, claire = factories.member(), factories.reviewer(StaffRole.DESK, email="claire@ans.example")
        listing = world.listing(by=member)
        notice = {**REASONS, "effect_on": "2027-01-31", "seen": "0"}
        client_of(claire).post(page(listing, "mise-en-demeure/"), notice)
        answer = client_of(member.user).post(
            f"/editeurs/services/{listing.id}/repondre/", {"facts": "C'est corrigé.", "seen": "0"}
        )
        words = words_of(answer)
        assert answer.status_code == 409
        assert "Modifié par l'équipe d'instruction" in words
        assert "C'est corrigé." in words
        assert "claire@ans.example" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("roles", "acts"),
        [
            (["owner"], {"incident", "fiche"}),
            (["technical"], {"incident", "fiche"}),
            (["dpo"], {"incident"}),
            (["signatory"], {"quitter"}),
        ],
    )
    def test_sto_13_only_what_the_member_may_do_is_offered(self, roles, acts):
        member = factories.member(roles=roles)
        listing = factories.listing(by=member)
        client, here = client_of(member.user), f"/editeurs/services/{listing.id}/"
        shown = client.get(here).content.decode()
        for act in ("incident", "fiche", "quitter"):
            assert (f"{here}{act}/" in shown) is (act in acts)
            assert client.get(f"{here}{act}/").status_code == (200 if act in acts else 403)

    def test_sto_13_a_role_lost_meanwhile_loses_no_text(self):
        member = factories.member(roles=["dpo"])
        listing = factories.listing(by=member)
        path = f"/editeurs/services/{listing.id}/quitter/"
        assert "signataire" in words_of(client_of(member.user).get(path))
        data = {"effect_on": "2027-12-01", "facts": "Mes mots.", "seen": "0"}
        answer = client_of(member.user).post(path, data)
        assert answer.status_code == 422
        assert "Vous ne pouvez pas faire cela" in words_of(answer)
        assert "Mes mots." in answer.content.decode()
        data = {"tagline": "Neuf", "description": "Texte.", "needs": ["sommeil"], "audiences": ["adulte"],
                "languages": ["fr"], "support_email": "aide@editeur.example", "seen": "1"}  # fmt: skip
        answer = client_of(member.user).post(f"/editeurs/services/{listing.id}/fiche/", data)
        assert answer.status_code == 422
        assert "Neuf" in answer.content.decode()

    def test_leaving_too_soon_is_refused_in_words(self):
        member = factories.member()
        listing = world.listing(by=member)
        path = f"/editeurs/services/{listing.id}/quitter/"
        answer = client_of(member.user).post(path, {"effect_on": "2026-12-01", "facts": "", "seen": "0"})
        assert "préavis de trois mois" in words_of(answer)


class TestStatistics:
    def history(self, days: int):
        dossier = factories.candidacy(Status.ASSESSMENT)
        moments = (
            (1, Event.ACCEPT, "recevabilite", "instruction", 0),
            (2, Event.ASK, "instruction", "complement", days),
        )
        for sequence, event, before, after, later in moments:
            CandidacyEvent.objects.create(
                candidacy=dossier, sequence=sequence, event=event, before=before, after=after, by="guichet",
                actor="test", at=NOON - timedelta(days=100 - later),
            )  # fmt: skip

    def test_pages_2_lists_of_the_back_office_leave_a_line(self):
        client = browser(StaffRole.DESK)
        listing = factories.listing()
        for path in (f"{LIST}?vue=attente", STATS, f"{STATS}delais.csv", "/instruction/signalements/?vue=clos"):
            assert client.get(path).status_code == 200
        found = dict(AuditEvent.objects.filter(action__startswith="store.").values_list("action", "facts"))
        assert found == {
            "store.listing.list": {"view": "attente", "shown": 0},
            "store.statistics.read": {},
            "store.statistics.download": {},
            "store.report.list": {"view": "clos", "shown": 0},
        }
        assert listing.service.name not in str(found)

    def test_median_and_ninth_decile_by_hand(self):
        for days in (2, 4, 10):
            self.history(days)
        words = words_of(browser(StaffRole.DESK).get(STATS))
        assert "En instruction 3 4 9" in words  # dossiers, median, nine of ten: 4 + 0.8 × 6 = 8.8
        assert "allers-retours vers l'éditeur 3" in words

    def test_the_file_is_the_table(self):
        self.history(5)
        text = browser(StaffRole.DESK).get(f"{STATS}delais.csv").content.decode()
        assert text.splitlines()[1:] == ["instruction;1;5;5"]

    def test_nothing_yet_is_said(self):
        assert "Aucun dossier" in words_of(browser(StaffRole.DELEGATE).get(STATS))

    def test_as_many_queries_for_one_and_twenty(self):
        client = browser(StaffRole.DESK)
        self.history(3)
        one = count(client, STATS)
        for days in range(19):
            self.history(days)
        assert count(client, STATS) == one <= 12


def test_the_anniversary_of_a_leap_day():
    assert factories.clocks.months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
