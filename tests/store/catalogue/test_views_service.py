"""ST-02, P-05, STO-84: everything that stands on the page of a service, and the public grid."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.files.gateways.base import StoreUnavailableError
from apps.store.jobs import picturing
from apps.store.models import Evidence, Picture
from apps.store.services import showing
from apps.store.states import ListingStatus, Queue
from tests.cast import Who, client_of, make_cast
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.catalogue.shelf import asks_for, judged, put, suspended
from tests.store.evidence import world
from tests.store.jobs.test_picturing import photo

pytestmark = pytest.mark.django_db
PAGE, GRID = "/services/mesurna/", "/services/mesurna/grille/"
WAITS = {"queue": Queue.DELEGATE, "due_at": NOON, "waits_since": NOON}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_sto_84_everything_of_the_sheet(client):
    listing = put("Mesurna", publisher="Tensia SAS", description="Vous notez votre tension.", accessibility_rate=95,
        price="payant", price_detail="3 € par mois", device_class="I", device_udi="(01)123", eco_score="A",
        support_phone="02 61 91 55 00", languages=["fr", "en"], platforms=["web", "ios"])  # fmt: skip
    listing.candidacy.orientation["health_data"] = "yes"
    listing.candidacy.save()
    judged(listing, "CRI-URB-01")
    page = client.get(PAGE)
    words = words_of(page)
    for said in (
        "Mesurna", "Éditeur : Tensia SAS", "Vous notez votre tension.", "Payant · 3 € par mois", "Adultes",
        "Maladie chronique", "Français, anglais", "95 %", "France, hébergeur certifié HDS : Rive Cloud", "I · (01)123",
        "Éco-score A", "02 61 91 55 00", "aide@editeur.example", "référentiel 2026-1", "Référencé depuis le",
        "Dernier contrôle", "numéro 1, affichée depuis le", "Politique de confidentialité du service",
    ):  # fmt: skip
        assert said in words, said
    assert page["X-Robots-Tag"] == "all"
    assert "Connecter un service à un espace santé viendra plus tard" in words
    assert "<button" not in main_of(page).replace("fr-breadcrumb__button", "")


@pytest.mark.parametrize(
    ("health_data", "verdict", "said"),
    [("yes", "conforme", True), ("yes", "non_conforme", False), ("yes", "", False), ("no", "conforme", False)],
)
def test_sto_84_only_a_host_whose_certificate_was_judged_is_called_certified(client, health_data, verdict, said):
    listing = put("Mesurna")
    listing.candidacy.orientation["health_data"] = health_data
    listing.candidacy.save()
    if verdict:
        judged(listing, "CRI-URB-01", verdict=verdict)
    words = words_of(client.get(PAGE))
    assert ("hébergeur certifié" in words) is said
    assert "Rive Cloud" in words


def test_a_newer_page_that_is_not_shown_stays_hidden(client):
    put("Mesurna", description="Affichée")
    assert "Affichée" in words_of(client.get(PAGE))


def test_sto_84_data_with_purpose_direction_and_retention(client):
    shown = put("Mesurna", exchange="read_write")
    asks_for(shown, "mesures", "read", need="Calculer la moyenne", retention="24 mois")
    asks_for(shown, "mesures", "write", need="Garder vos mesures", retention="Chez vous")
    words = words_of(client.get(PAGE))
    assert words.index("Lire") < words.index("Calculer la moyenne") < words.index("Ajouter Donnée")
    assert "Mesures de santé Calculer la moyenne 24 mois" in words


def test_without_exchange_it_says_so(client):
    asks_for(put("Mesurna"), "mesures", "read")  # written before the exchange was given up
    assert "ce service n'échange aucune donnée" in words_of(client.get(PAGE))


def test_links_are_those_on_https_alone(client):
    put("Mesurna", web_url="javascript:alert(1)", privacy_url="https://x.example/vie")
    html = main_of(client.get(PAGE))
    assert "javascript" not in html
    assert 'href="https://x.example/vie" rel="noopener noreferrer nofollow"' in html


def test_sec_07_texts_of_publishers_are_text(client):
    put("Mesurna", description="<script>alert(1)</script>", tagline="<b>gras</b>")
    html = main_of(client.get(PAGE))
    assert "<script>alert" not in html
    assert "&lt;b&gt;gras" in html


class TestStates:
    @pytest.mark.parametrize(
        ("event", "by", "said"),
        [
            ("suspend", "guichet", "par précaution, après un signalement ou un incident"),
            ("suspend", "delegue", "décision du délégué ministériel"),
            ("timeout", "systeme", "mise en demeure restée sans réponse"),
            ("red_check", "systeme", "un contrôle a échoué"),
        ],
    )
    def test_st_02_a_suspended_one_says_the_class_of_the_reason_and_no_more(self, client, event, by, said):
        shown = put("Mesurna", status=ListingStatus.SUSPENDED, listing=WAITS)
        suspended(shown, event=event, by=by)
        words = words_of(client.get(PAGE))
        assert f"Motif : {said}." in words
        assert "Fuite" not in words
        assert "Utiliser Mesurna" not in words

    def test_one_that_has_left_keeps_its_page_with_its_dates(self, client):
        put("Mesurna", status=ListingStatus.WITHDRAWN, listing={"ended_at": NOON})
        words = words_of(client.get(PAGE))
        assert "Retiré du catalogue le" in words
        assert "Référencé le" in words

    def test_one_that_leaves_says_when(self, client):
        put("Mesurna", status=ListingStatus.LEAVING, listing={"effect_on": NOON.date()})
        assert "Quitte le catalogue le" in words_of(client.get(PAGE))

    def test_an_audit_is_nobodys_matter(self, client):
        put("Mesurna", status=ListingStatus.AUDIT, listing={**WAITS, "queue": Queue.ASSESSOR})
        words = words_of(client.get(PAGE))
        assert "Référencé depuis le" in words
        assert "audit" not in words.lower()


class TestGrid:
    def test_criteria_met_of_those_that_apply(self, client):
        shown = put("Mesurna")
        judged(shown, "CRI-ELI-01", "CRI-ELI-02")
        judged(shown, "CRI-LEG-01", verdict="reserve", note="Secret pour l'éditeur")
        judged(shown, "CRI-LEG-04", verdict="sans_objet")
        judged(shown, "CRI-LEG-05", verdict="non_conforme")
        summary = words_of(client.get(PAGE))
        grid = words_of(client.get(GRID))
        applies = grid.count("CRI-")
        assert f"3 critères sur {applies} applicables" in summary
        assert "CRI-LEG-04" not in grid
        assert "Conforme avec réserve" in grid
        assert "Secret" not in grid

    def test_unknown_is_not_found(self, client):
        assert client.get("/services/inconnu/grille/").status_code == 404


class TestInASpace:
    def test_the_same_page_with_the_way_back_into_the_space(self):
        cast = make_cast()
        put("Mesurna")
        page = client_of(cast.users[Who.HOLDER]).get(f"/e/{cast.space.id}/services/mesurna/")
        assert f'href="/e/{cast.space.id}/services/"' in page.content.decode()
        assert "Mesurna" in words_of(page)


def test_queries_of_a_page(client):
    shown = put("Mesurna", exchange="read")
    asks_for(shown, "mesures", "read")
    judged(shown, "CRI-ELI-01")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE)
    assert len(seen) <= 6


class TestPictures:
    @pytest.fixture
    def mesurna(self):
        """A service with a logo of 600 pixels and a screenshot of 1,440 x 810, both drawn."""
        shown = put("Mesurna")
        member = shown.publisher.members.get()
        draft = factories.candidacy(by=member)
        for use, size, words in (("logo", (600, 600), ""), ("screenshot", (1440, 810), "Courbe de tension")):
            piece = world.added(
                factories.as_publisher(member), draft, data=photo(*size), name="a.jpg", use=use, title="Image",
                alternative=words,
            )  # fmt: skip
            Evidence.objects.filter(pk=piece.pk).update(candidacy=shown.candidacy)
        picturing.plan(shown.candidacy, at=NOON)
        picturing.make_due(clock=lambda: NOON)
        return shown

    def test_sto_84_logo_and_screenshots_with_their_words(self, client, mesurna):
        page = client.get(PAGE).content.decode()
        logo, shot = Picture.objects.order_by("width")
        at = "/services/mesurna/images/"
        assert f'src="{at}{logo.pk}/" alt="" width="600" height="600"' in page
        assert f'src="{at}{shot.pk}/" alt="Courbe de tension" width="1440" height="810"' in page
        assert f'src="{at}{logo.pk}/"' in client.get("/services/").content.decode()

    def test_sec_11_the_picture_that_we_drew(self, client, mesurna):
        answer = client.get(f"/services/mesurna/images/{Picture.objects.order_by('width')[0].pk}/")
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert answer["Cache-Control"] == "public, max-age=604800, immutable"

    def test_one_of_another_service_or_taken_out_is_unknown(self, client, mesurna):
        put("Autre")
        logo = Picture.objects.order_by("width")[0]
        assert client.get(f"/services/autre/images/{logo.pk}/").status_code == 404
        Evidence.objects.filter(pk=logo.evidence_id).update(removed_at=NOON, removed_by=logo.evidence.added_by)
        assert client.get(f"/services/mesurna/images/{logo.pk}/").status_code == 404

    def test_the_store_of_files_is_away(self, client, mesurna, monkeypatch):
        def away(file):
            raise StoreUnavailableError(str(file.pk))

        monkeypatch.setattr(showing, "read_derived", away)
        logo = Picture.objects.order_by("width")[0]
        assert client.get(f"/services/mesurna/images/{logo.pk}/").status_code == 503

    def test_without_a_picture_two_letters(self, client):
        put("Mesurna")
        assert '<span class="ens-logo" aria-hidden="true">ME</span>' in client.get(PAGE).content.decode()
