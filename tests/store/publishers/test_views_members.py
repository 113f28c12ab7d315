"""PU-02: members page, roles, mandates, requests to join; the identity is confirmed for what gives or takes rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.files import jobs
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.models import StoredFile
from apps.store.models import JoinRequest, Member
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.store.factories import member, publisher_user
from tests.store.publishers.test_members import EICAR, NEVER, PDF

pytestmark = pytest.mark.django_db
MEMBERS = "/editeurs/organisme/membres/"
REAUTHENTICATE = "/confirmer-identite/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pia():
    return member()


@pytest.fixture
def marc(pia):
    return member(publisher=pia.publisher, name="Marc Delmas", roles=["technical"], **NEVER)


@pytest.fixture
def browser(pia):
    return client_of(pia.user)


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("\u00a0", " ").replace("\u202f", " ")


def wish_of(pia, **values) -> JoinRequest:
    user = values.pop("user", None) or publisher_user()
    return JoinRequest.objects.create(
        publisher=pia.publisher, user=user, name="Nadia Le Bris", message="Bonjour", asked_at=NOON, **values
    )


def brought(data=PDF, until="2027-06-30"):
    return {"mandate": SimpleUploadedFile("pouvoir.pdf", data, "application/pdf"), "until": until}


class TestList:
    def test_everybody_sees_the_team_administrators_act(self, pia, marc, browser):
        shown = text(browser.get(MEMBERS))
        for words in ("Pia Lormont", "Marc Delmas", pia.user.email, "2 membres", f"{MEMBERS}{marc.id}/fin/"):
            assert words in shown

        seen_by_marc = text(client_of(marc.user).get(MEMBERS))
        assert f"{MEMBERS}{pia.id}/" not in seen_by_marc
        assert f"{MEMBERS}{marc.id}/fin/" in seen_by_marc  # to leave

    def test_requests_are_shown_to_administrators(self, pia, marc, browser):
        wish_of(pia)
        assert "Nadia Le Bris" in text(browser.get(MEMBERS))
        assert "Nadia Le Bris" not in text(client_of(marc.user).get(MEMBERS))

    def test_who_has_left_is_not_listed(self, pia, marc, browser):
        Member.objects.filter(pk=marc.pk).update(ended_at=NOON, ended_by=pia.user)
        assert "Marc Delmas" not in text(browser.get(MEMBERS))

    def test_as_many_queries_with_1_and_20_members(self, pia, browser):
        counts = []
        for number in (1, 19):
            for _ in range(number):
                member(publisher=pia.publisher, roles=["signatory"])
                wish_of(pia)
            browser.get(MEMBERS)
            with CaptureQueriesContext(connection) as queries:
                browser.get(MEMBERS)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 8


class TestRoles:
    def test_an_administrator_changes_them(self, marc, browser):
        path = f"{MEMBERS}{marc.id}/"
        assert "checked" in text(browser.get(path))

        assert browser.post(path, {"roles": ["dpo", "signatory"]})["Location"] == MEMBERS

        assert "Rôles modifiés" in text(browser.get(MEMBERS))
        assert Member.objects.get(pk=marc.pk).roles == ["signatory", "dpo"]

    def test_idn_37_the_identity_is_confirmed_after_five_minutes(self, pia, marc, browser, clock):
        wish = wish_of(pia)
        clock.shift(timedelta(minutes=5))
        for path in (f"{MEMBERS}{marc.id}/", f"{MEMBERS}{marc.id}/fin/", f"{MEMBERS}demandes/{wish.id}/"):
            for answer in (browser.get(path), browser.post(path, {"roles": ["owner"], "act": "accept"})):
                assert answer["Location"].startswith(REAUTHENTICATE), path
        assert Member.objects.get(pk=marc.pk).roles == ["technical"]
        assert JoinRequest.objects.get().decided_at is None
        assert Member.objects.filter(ended_at=None).count() == 2

    @pytest.mark.parametrize("roles", [[], ["chief"]])
    def test_wrong_roles_are_told(self, marc, browser, roles):
        assert browser.post(f"{MEMBERS}{marc.id}/", {"roles": roles}).status_code == 422

    def test_the_last_administrator_is_told_why(self, pia, browser):
        answer = browser.post(f"{MEMBERS}{pia.id}/", {"roles": ["signatory"]})

        assert answer.status_code == 422
        assert "garde au moins un administrateur" in text(answer)

    def test_sto_13_other_members_are_refused(self, pia, marc):
        answer = client_of(marc.user).post(f"{MEMBERS}{marc.id}/", {"roles": ["owner"]})

        assert answer.status_code == 403
        assert Member.objects.get(pk=marc.pk).roles == ["technical"]


class TestLeaving:
    def test_it_is_confirmed_on_a_page_of_its_own(self, marc, browser):
        path = f"{MEMBERS}{marc.id}/fin/"
        assert "Mettre fin à une participation" in text(browser.get(path))
        assert browser.post(path)["Location"] == MEMBERS
        assert browser.get(path).status_code == 404

    def test_s41_with_effect_at_the_next_request(self, pia, marc, browser):
        theirs = client_of(marc.user)
        assert theirs.get(MEMBERS).status_code == 200

        browser.post(f"{MEMBERS}{marc.id}/fin/")

        assert theirs.get(MEMBERS)["Location"] == "/editeurs/organisme/nouveau/"
        assert theirs.post(f"{MEMBERS}{pia.id}/fin/")["Location"] == "/editeurs/organisme/nouveau/"

    def test_a_member_leaves(self, marc):
        theirs = client_of(marc.user)
        assert "Quitter l'organisme" in text(theirs.get(f"{MEMBERS}{marc.id}/fin/"))

        assert theirs.post(f"{MEMBERS}{marc.id}/fin/")["Location"] == "/editeurs/"
        assert "Vous avez quitté l'organisme" in text(theirs.get("/editeurs/"))

    def test_the_last_administrator_cannot(self, pia, marc, browser):
        answer = browser.post(f"{MEMBERS}{pia.id}/fin/")

        assert answer.status_code == 422
        assert "nommez-en d'abord un autre" in text(answer)
        assert client_of(marc.user).post(f"{MEMBERS}{pia.id}/fin/").status_code == 403


class TestMandate:
    def test_sto_48_brought_looked_at_read(self, pia, browser):
        path = f"{MEMBERS}{pia.id}/mandat/"
        assert browser.post(path, brought())["Location"] == MEMBERS
        assert "antivirus : en attente" in text(browser.get(MEMBERS))
        assert browser.get(f"{path}fichier/").status_code == 404

        file = StoredFile.objects.get()
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)

        assert "Mandat jusqu'au 30 juin 2027" in text(browser.get(MEMBERS))
        answer = browser.get(f"{path}fichier/")
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer["Content-Disposition"] == 'attachment; filename="mandat.pdf"'

    def test_s35_an_infected_one_is_told_and_never_given(self, pia, browser):
        path = f"{MEMBERS}{pia.id}/mandat/"
        browser.post(path, brought(EICAR))
        file = StoredFile.objects.get()
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)

        assert "antivirus : infecté" in text(browser.get(MEMBERS))
        assert browser.get(f"{path}fichier/").status_code == 404

    def test_one_that_is_over_is_said(self, pia, browser, clock):
        clock.shift(timedelta(days=800))
        assert "Mandat terminé depuis le 31 décembre 2027" in text(client_of(pia.user).get(MEMBERS))

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"until": "2027-06-30"}, "Choisissez un PDF"),
            (brought(b"PNG"), "Choisissez un PDF de 20"),
            (brought(b""), "Choisissez un PDF de 20"),
            (brought(until="2020-01-01"), "Ce mandat est terminé"),
            (brought(until="bientôt"), "Saisissez une date"),
        ],
        ids=["none", "no-pdf", "empty", "over", "no-date"],
    )
    def test_what_does_not_fit_is_told(self, pia, browser, sent, words):
        answer = browser.post(f"{MEMBERS}{pia.id}/mandat/", sent)

        assert answer.status_code == 422
        assert words in text(answer)
        assert not StoredFile.objects.exists()

    def test_sto_13_of_a_colleague_by_an_administrator_only(self, pia, marc):
        assert client_of(marc.user).post(f"{MEMBERS}{pia.id}/mandat/", brought()).status_code == 403

    def test_who_has_none_has_no_file(self, marc, browser):
        assert browser.get(f"{MEMBERS}{marc.id}/mandat/fichier/").status_code == 404


class TestRequests:
    def test_accepted(self, pia, browser):
        wish = wish_of(pia)
        path = f"{MEMBERS}demandes/{wish.id}/"
        assert "Bonjour" in text(browser.get(path))

        assert browser.post(path, {"act": "accept", "roles": ["technical"]})["Location"] == MEMBERS

        assert "Demande acceptée" in text(browser.get(MEMBERS))
        assert Member.objects.get(user=wish.user).roles == ["technical"]
        assert client_of(wish.user).get(MEMBERS).status_code == 200

    def test_refused(self, pia, browser):
        wish = wish_of(pia)

        assert browser.post(f"{MEMBERS}demandes/{wish.id}/", {"act": "refuse"})["Location"] == MEMBERS

        assert client_of(wish.user).get(MEMBERS)["Location"] == "/editeurs/organisme/nouveau/"

    @pytest.mark.parametrize("sent", [{}, {"act": "accept"}, {"act": "x", "roles": ["owner"]}])
    def test_without_an_answer_it_waits_on(self, pia, browser, sent):
        wish = wish_of(pia)

        assert browser.post(f"{MEMBERS}demandes/{wish.id}/", sent).status_code == 422
        assert JoinRequest.objects.get().decided_at is None

    def test_s34_a_colleague_was_quicker(self, pia, browser):
        wish = wish_of(pia)
        ana = client_of(member(publisher=pia.publisher, roles=["owner"]).user)
        ana.post(f"{MEMBERS}demandes/{wish.id}/", {"act": "refuse"})

        assert (
            browser.post(f"{MEMBERS}demandes/{wish.id}/", {"act": "accept", "roles": ["owner"]})["Location"] == MEMBERS
        )

        assert "n'attend plus" in text(browser.get(MEMBERS))
        assert not Member.objects.filter(user=wish.user).exists()

    def test_who_joined_elsewhere_is_not_let_in(self, pia, browser):
        wish = wish_of(pia)
        member(user=wish.user)
        path = f"{MEMBERS}demandes/{wish.id}/"

        assert browser.post(path, {"act": "accept", "roles": ["technical"]})["Location"] == path
        assert "Rien n'a été modifié" in text(browser.get(path))

    def test_sto_13_other_members_are_refused(self, pia, marc):
        assert client_of(marc.user).get(f"{MEMBERS}demandes/{wish_of(pia).id}/").status_code == 403

    def test_sec_01_requests_to_others_are_not_found(self, pia):
        assert client_of(member().user).get(f"{MEMBERS}demandes/{wish_of(pia).id}/").status_code == 404
