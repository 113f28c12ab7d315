"""PU-06: pages of the evidence of a dossier (SEC-08, SEC-11, S31, S34, S35)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.files.models import StoredFile
from apps.store.models import Candidacy, Evidence, Member
from apps.store.services import evidence
from apps.store.states import Status
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in
from tests.store.evidence import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


@pytest.fixture
def client(pia):
    return client_of(pia.user)


@pytest.fixture
def draft(pia) -> Candidacy:
    return factories.candidacy(by=pia)


def page(name: str, row: object) -> str:
    return reverse(f"store:{name}", args=[row.pk])


def sent(data: bytes = world.PDF, name: str = "rapport.pdf", **values) -> dict[str, object]:
    given = {"title": "Rapport d'audit", "use": "evidence", "upload": SimpleUploadedFile(name, data)}
    return {**given, **values}


class TestList:
    def test_each_piece_says_where_its_check_is(self, client, actor, draft):
        world.added(actor, draft, title="Certificat", criteria=("CRI-LEG-01",), valid_until=date(2026, 12, 25))
        evidence.add(
            actor=actor, candidacy_id=draft.id, upload=world.upload(name="b.pdf"),
            description=world.about(title="Audit"), at=NOON,
        )  # fmt: skip
        response = client.get(page("evidence", draft))
        words = words_of(response)
        assert title_of(response).startswith(f"Pièces – Candidature {draft.number} – ")
        assert "2 pièces" in words
        assert "Contrôlée : aucun virus trouvé" in words
        assert "Contrôle antivirus en cours" in words
        assert "Encore valable 30 jours (jusqu'au 25 décembre 2026)" in words
        assert "CRI-LEG-01" in words
        assert main_of(response).count("/fichier/") == 1

    def test_s35_an_infected_file_is_named_and_offered_to_nobody(self, client, actor, draft):
        row = world.added(actor, draft, data=world.INFECTED, name="facture.pdf", title="Facture")
        response = client.get(page("evidence", draft))
        words = words_of(response)
        assert "Un virus a été trouvé" in words
        assert "Facture (facture.pdf)" in words
        assert "/fichier/" not in main_of(response)
        assert client.get(page("evidence_file", row)).status_code == 410

    def test_l15_secrets_are_told(self, client, actor, draft):
        row = world.added(actor, draft)
        Evidence.objects.filter(pk=row.pk).update(secrets_found=["private-key", "password"])
        assert "une clé privée, un mot de passe" in words_of(client.get(page("evidence", draft)))

    def test_an_empty_list_says_what_goes_here(self, client, draft):
        assert "Aucune pièce" in words_of(client.get(page("evidence", draft)))

    def test_sto_10_a_dossier_that_was_sent_offers_nothing_to_change(self, client, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        factories.evidence(dossier)
        html = main_of(client.get(page("evidence", dossier)))
        assert "/modifier/" not in html
        assert "/retirer/" not in html
        assert "/ajouter/" not in html

    def test_queries_do_not_grow_with_pieces(self, client, draft, django_assert_max_num_queries):
        factories.evidence(draft)
        client.get(page("evidence", draft))  # counts the session
        with django_assert_max_num_queries(12) as one:
            client.get(page("evidence", draft))
        for _ in range(19):
            factories.evidence(draft)
        with django_assert_max_num_queries(len(one)) as twenty:
            client.get(page("evidence", draft))
        assert len(one) == len(twenty)


class TestAdding:
    def test_a_piece_is_added(self, client, draft):
        form = client.get(page("evidence_add", draft) + "?critere=CRI-LEG-01")
        assert 'value="CRI-LEG-01" id="id_criteria' in form.content.decode()
        response = client.post(
            page("evidence_add", draft),
            sent(criteria=["CRI-LEG-01"], issued_on="2026-03-01", valid_until="2027-03-01"),
        )
        assert response.status_code == 302
        row = Evidence.objects.get()
        assert (row.title, row.criteria, row.valid_until) == ("Rapport d'audit", ["CRI-LEG-01"], date(2027, 3, 1))
        assert title_of(client.get(response["Location"])).startswith("Pièce ajoutée – ")

    def test_a_piece_sent_twice_is_one(self, client, draft):
        token = form_in(client.get(page("evidence_add", draft)))["token"]
        for _twice in range(2):
            assert client.post(page("evidence_add", draft), sent(token=token)).status_code == 302
        assert Evidence.objects.count() == 1
        client.post(page("evidence_add", draft), sent(token=token, title="Autre pièce"))
        assert Evidence.objects.count() == 2

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"upload": SimpleUploadedFile("logo.svg", world.SVG), "use": "logo"}, "Ce type de fichier n'est pas"),
            ({"upload": SimpleUploadedFile("a.pdf", b"")}, "Ce fichier est vide."),
            ({"use": "logo"}, "Le format SVG n'est pas accepté"),
            ({"upload": SimpleUploadedFile("a.xlsx", world.workbook(macros=True))}, "contient des macros"),
            ({"use": "screenshot", "upload": SimpleUploadedFile("a.png", world.png())}, "Décrivez la capture"),
            ({"issued_on": "2027-03-01", "valid_until": "2026-03-01"}, "La fin précède la date du document"),
            ({"title": ""}, "Donnez un titre."),
            ({"criteria": ["CRI-XXX-1"]}, "CRI-XXX-1"),
        ],
    )
    def test_s31_what_does_not_fit_is_said_at_its_field(self, client, draft, values, words):
        given = sent(**values)
        given["upload"].seek(0)
        response = client.post(page("evidence_add", draft), given)
        assert response.status_code == 422
        assert title_of(response).startswith("Erreur")
        assert words in words_of(response)
        assert not Evidence.objects.exists()

    def test_a_cut_upload_says_so(self, client, draft):
        response = client.post(page("evidence_add", draft), {"title": "Rapport", "use": "evidence"})
        assert "plus de 20 Mo" in words_of(response)

    def test_a_dossier_that_closed_meanwhile_takes_nothing(self, client, draft):
        Candidacy.objects.filter(pk=draft.pk).update(
            status=Status.SUBMITTED, submitted_at=NOON, submitted_by=draft.created_by
        )
        response = client.post(page("evidence_add", draft), sent())
        assert response.status_code == 422
        assert "ne prend pas de fichier" in words_of(response)
        assert 'value="Rapport d&#x27;audit"' in response.content.decode()
        assert not Evidence.objects.exists()

    def test_hostile_words_are_shown_as_words(self, client, draft):
        client.post(page("evidence_add", draft), sent(title="<script>alert(1)</script>", name='"><img src=x>.pdf'))
        world.scan_all()
        html = main_of(client.get(page("evidence", draft)))
        assert "<script>" not in html
        assert "<img" not in html


class TestChanging:
    def test_other_words_about_a_piece(self, client, actor, draft):
        row = world.added(actor, draft)
        form = client.get(page("evidence_change", row))
        assert 'value="Rapport d&#x27;audit"' in form.content.decode()
        client.post(page("evidence_change", row), {"title": "Autre titre", "use": "evidence", "seen": ""})
        row.refresh_from_db()
        assert (row.title, Evidence.objects.count()) == ("Autre titre", 1)

    def test_a_new_file_is_a_new_version(self, client, actor, draft):
        row = world.added(actor, draft)
        response = client.post(page("evidence_change", row), sent(world.png(), "b.png"))
        assert response.status_code == 302
        new = Evidence.objects.get(removed_at=None)
        assert new.replaces_id == row.pk
        versions = client.get(page("evidence_versions", new))
        assert main_of(versions).count("<li") == 2
        assert "rapport.pdf" in words_of(versions)

    def test_s34_the_second_member_reads_who_and_when_and_keeps_what_was_typed(self, client, actor, draft, pia):
        row = world.added(actor, draft)
        marc = factories.as_publisher(world.colleague(pia))
        evidence.describe(
            actor=marc, evidence_id=row.id, seen="", description=world.about(title="De Marc"),
            at=NOON - timedelta(minutes=2),
        )  # fmt: skip
        typed = {"title": "De Pia", "use": "evidence", "seen": ""}
        response = client.post(page("evidence_change", row), typed)
        words = words_of(response)
        assert response.status_code == 422
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 12 h 58" in words
        assert 'value="De Pia"' in response.content.decode()
        row.refresh_from_db()
        assert row.title == "De Marc"

    def test_s34_a_new_version_does_not_overwrite_words_that_its_author_had_not_seen(self, client, actor, draft, pia):
        row = world.added(actor, draft)
        marc = factories.as_publisher(world.colleague(pia))
        about = world.about(title="De Marc")
        evidence.describe(actor=marc, evidence_id=row.id, seen="", description=about, at=NOON)
        response = client.post(page("evidence_change", row), sent(world.png(), "b.png", title="De Pia", seen=""))
        assert response.status_code == 422
        assert "Modifié par Marc Delmas" in words_of(response)
        assert "choisissez-le à nouveau" in words_of(response)
        assert 'value="De Pia"' in response.content.decode()
        assert Evidence.objects.get().title == "De Marc"
        knowing = sent(world.png(), "b.png", title="De Pia", seen=NOON.isoformat())
        assert client.post(page("evidence_change", row), knowing).status_code == 302
        assert Evidence.objects.get(removed_at=None).title == "De Pia"

    def test_taking_out_has_a_page_of_its_own(self, client, actor, draft):
        row = world.added(actor, draft, criteria=("CRI-LEG-01",))
        assert "CRI-LEG-01" in words_of(client.get(page("evidence_remove", row)))
        response = client.post(page("evidence_remove", row))
        assert title_of(client.get(response["Location"])).startswith("Pièce retirée du dossier – ")
        again = client.post(page("evidence_remove", row))
        assert "Modifié par Pia Lormont" in words_of(client.get(again["Location"]))


class TestFile:
    def test_sec_08_a_download_is_never_shown_as_a_page(self, client, actor, draft):
        row = world.added(actor, draft, name="Rapport d'été.pdf")
        response = client.get(page("evidence_file", row))
        assert (response.status_code, response.content) == (200, world.PDF)
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith('attachment; filename="rapport-dete.pdf"; filename*=UTF-8')
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
        assert "store.evidence.read" in world.actions(draft)

    def test_what_waits_says_to_come_back(self, client, draft):
        row = factories.evidence(draft, state=StoredFile.State.WAITING)
        assert client.get(page("evidence_file", row)).status_code == 503

    @pytest.mark.parametrize("name", ["evidence_file", "evidence_versions", "evidence_change", "evidence_remove"])
    def test_sec_01_pieces_of_others_do_not_exist(self, actor, draft, name):
        row = world.added(actor, draft)
        stranger = client_of(factories.member().user)
        assert stranger.get(page(name, row)).status_code == 404
        assert stranger.get(reverse(f"store:{name}", args=[uuid4()])).status_code == 404

    def test_permission_lost_in_the_middle_ends_at_the_organisation(self, client, actor, draft, pia):
        row = world.added(actor, draft)
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        for name in ("evidence_file", "evidence_change"):
            assert client.get(page(name, row)).status_code in {302, 404}
        assert client.post(page("evidence_remove", row)).status_code in {302, 404}
        row.refresh_from_db()
        assert row.removed_at is None
