"""D-03: read one document."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from apps.access import Actor, Purpose, Rights, Role
from apps.audit.services import Line, events_of, record
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.models import Document, ReadMark
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile
from apps.files.services import Content, store
from apps.spaces.services import name_administrator
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, level_one, prepared, representative_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.dmp.rows import document
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def space():
    return factories.space()


def url(row, space=None):
    return reverse("dmp:document_detail", args=[space.id if space else row.space_id, row.id])


def read(row, person=None):
    space = row.space
    return (person or holder_of(space)).client.get(url(row))


def without_reference(response):
    return re.sub(r"[0-9A-F]{4}-[0-9A-F]{4}", "", words_of(response))


def professional_reads(row, national_id, action="dmp.document.read", *, content=True):
    actor = Actor(
        role=Role.PROFESSIONAL,
        at=NOON,
        space_id=row.space_id,
        purpose=Purpose.CARE,
        national_id=national_id,
        rights=Rights(space_open=True),
    )
    record(actor=actor, at=NOON, line=Line(action=action, target=f"document:{row.id}", facts={"content": content}))


class TestWhoMayReadIt:
    @pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
    def test_people_with_a_right_read_it(self, space, person_of):
        row = filed(space)
        response = read(row, person_of(space))
        assert response.status_code == 200
        assert "Hémoglobine : 13,4 g/dL" in words_of(response)

    def test_visitor_is_sent_to_sign_in(self, space):
        assert PortalClient().get(url(filed(space))).status_code == 302

    def test_sec_01_another_holder_gets_404(self, space):
        assert read(filed(space), holder_of(factories.space())).status_code == 404

    def test_sec_01_a_document_under_the_address_of_another_space_is_404(self, space):
        other = factories.space()
        assert holder_of(other).client.get(url(filed(space), other)).status_code == 404

    def test_sec_04_an_ended_right_gets_404(self, space):
        assert read(filed(space), representative_of(space, ends_at=NOON)).status_code == 404

    def test_sec_05_not_announced_is_the_same_404_as_unknown(self, space):
        row, person = filed(space), holder_of(space)
        Document.objects.filter(id=row.id).update(concealed_until=NOON + timedelta(days=1))
        unknown = person.client.get(reverse("dmp:document_detail", args=[space.id, uuid7()]))
        hidden = read(row, person)
        assert hidden.status_code == unknown.status_code == 404
        assert words_of(hidden)
        assert without_reference(hidden) == without_reference(unknown)
        assert not events_of(space.id).filter(at=NOON).exists()

    def test_dmp_65_withdrawn_by_its_author_is_410(self, space):
        row = filed(space)
        Document.objects.filter(id=row.id).update(availability=Document.Availability.DELETED)
        response = read(row)
        assert response.status_code == 410
        assert "Ce document a été supprimé par le professionnel qui l'a déposé." in words_of(response)


class TestPage:
    def test_sec_16_title_is_kind_and_date_only(self, space):
        response = read(filed(space, title="Sérologie"))
        assert (
            title_of(response).replace("\xa0", " ")
            == "Résultats de biologie du 18 novembre 2026 – Documents – Espace santé"
        )
        assert "Sérologie" in words_of(response)

    def test_record_says_category_dates_people_version_and_size(self, space):
        row = filed(space)
        words = words_of(read(row))
        for said in (
            "Catégorie Résultats de biologie",
            "Date du prélèvement 18 novembre 2026 à 7 h 50",
            "Déposé le 24 novembre 2026 à 13 h 00",
            "Auteur Dr HUGO PERRIN",
            "Établissement Laboratoire des Rives",
            "Version 1, actuelle",
        ):
            assert said in words
        assert "Avant de lire." in words
        assert "Contactez Laboratoire des Rives" in words

    def test_dmp_09_a_document_known_to_the_month(self, space):
        words = words_of(read(filed(space, created="202103", started="202103")))
        assert "Résultats de biologie, mars 2021" in words
        assert "Date du prélèvement mars 2021" in words

    def test_one_opening_leaves_one_line_and_a_read_mark_of_this_reader(self, space):
        row, person = filed(space), delegate_of(space)
        read(row, person)
        lines = [(line.action, line.actor_id) for line in events_of(space.id).filter(at=NOON)]
        assert lines == [("dmp.document.read", str(person.id))]
        assert list(ReadMark.objects.values_list("user_id", flat=True)) == [person.id]

    def test_fingerprint_is_that_of_the_stored_bytes(self, space):
        row = filed(space)
        digits = StoredFile.objects.get(id=row.file_id).sha256
        assert digits in "".join(words_of(read(row)).split())

    def test_sec_07_scripts_in_title_text_and_author_stay_text_or_go(self, space):
        row = filed(
            space, title="&lt;script&gt;alert(1)&lt;/script&gt;", text="<content>ok</content><script>alert(2)</script>"
        )
        Document.objects.filter(id=row.id).update(author_name="<img src=x onerror=alert(3)>")
        content = read(row).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert "alert(2)" not in content


class TestQueries:
    def test_a_page_takes_the_same_queries_whatever_else_the_space_holds(self, space):
        row, person = filed(space), holder_of(space)
        read(row, person)
        counts = []
        for more in (0, 20):
            for number in range(more):
                document(space)
                professional_reads(row, f"8109900{number:05d}")
                named = factories.professional().national_id
                name_administrator(actor=factories.holder(space), national_id=named, is_declared_gp=False, at=NOON)
            with CaptureQueriesContext(connection) as queries:
                read(row, person)
            counts.append(len(queries))
        assert counts[0] <= counts[1] <= counts[0] + 1  # the directory is asked once there is somebody to name


class TestVersions:
    @pytest.fixture
    def pair(self, space):
        first = filed(space)
        second = filed(
            space, unique_id="1.2.250.1.999.2", version=2, replaces="1.2.250.1.999.1", at=NOON - timedelta(hours=1)
        )
        return first, second

    def test_dmp_05_the_current_one_links_to_the_obsolete_one(self, pair):
        response = read(pair[1])
        assert "Version 2, actuelle" in words_of(response)
        assert "Voir la version 1, obsolète" in words_of(response)
        assert url(pair[0]) in response.content.decode()

    def test_dmp_05_the_obsolete_one_says_so_and_links_to_its_successor(self, pair):
        response = read(pair[0])
        assert "Version remplacée le 25 novembre 2026 à 12 h 00" in words_of(response)
        assert "Version 1, obsolète" in words_of(response)
        assert url(pair[1]) in main_of(response)

    def test_sec_05_a_successor_that_may_not_be_seen_is_not_told(self, pair):
        Document.objects.filter(id=pair[1].id).update(concealed_until=NOON + timedelta(days=1))
        response = read(pair[0])
        assert url(pair[1]) not in response.content.decode()


class TestWhoCanSeeIt:
    def test_visible(self, space):
        doctor = factories.professional()
        name_administrator(actor=factories.holder(space), national_id=doctor.national_id, is_declared_gp=True, at=NOON)
        words = words_of(read(filed(space)))
        assert "Visible par vos soignants, avec votre accord" in words
        assert (
            "Qui peut le voir Vous Celui qui l'a déposé Dr Anne Lefort, médecin traitant "
            "Vos soignants, selon leur métier et avec votre accord Aucun professionnel ne l'a encore consulté."
        ) in words

    def test_acc_31_hidden(self, space):
        row = filed(space)
        services.hide_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        words = words_of(read(row))
        assert "Masqué aux professionnels depuis le 25 novembre 2026" in words
        assert (
            "Celui qui l'a déposé Aucun autre professionnel En urgence : il reste masqué, selon votre réglage." in words
        )
        assert "Vos soignants, selon" not in words

    def test_helpers_are_told_to_the_holder(self, space):
        delegate_of(space)
        assert "Vous Les proches à qui vous avez donné accès" in words_of(read(filed(space)))

    def test_readers_are_counted_once_each_and_only_with_content(self, space):
        row = filed(space)
        for national_id in ("810990000018", "810990000018", "810990000026"):
            professional_reads(row, national_id)
        professional_reads(row, "810990000034", content=False)
        words = words_of(read(row))
        assert "2 professionnels l'ont déjà consulté." in words

    def test_one_reader(self, space):
        row = filed(space)
        professional_reads(row, "810990000018", "dmp.document.download")
        assert "1 professionnel l'a déjà consulté. Voir l'historique" in words_of(read(row))


class TestReadingStates:
    def test_waiting_for_the_check(self, space):
        response = read(filed(space, scanned=False))
        assert "En contrôle. Nous vérifions que ce document ne contient pas de virus." in words_of(response)
        assert "Hémoglobine" not in words_of(response)
        assert "Télécharger" not in words_of(response)

    def test_infected(self, space):
        row = filed(space, text=EICAR.replace("&", ""), scanned=False)
        scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
        assert "Refusé. Le contrôle a trouvé un virus dans ce document." in words_of(read(row))

    def test_rel_12_bytes_gone(self, space):
        row = filed(space)
        default_storage.delete(StoredFile.objects.get(id=row.file_id).object_name)
        assert "Contenu indisponible." in words_of(read(row))

    def test_unreadable_gives_the_reason_and_the_original(self, space):
        row = filed(space)
        content = Content(data=b"<!DOCTYPE x><ClinicalDocument/>", media_type="application/xml")
        file = store(space_id=space.id, content=content, at=NOON)
        scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)
        Document.objects.filter(id=row.id).update(file_id=file.id)
        words = words_of(read(row))
        assert "Ce document ne peut pas être affiché." in words
        assert "DTD" in words
        assert "Vous pouvez télécharger l'original, inchangé." in words
        assert "Actions sur ce document Télécharger" in words


class TestLevelOne:
    def page(self, space, media_type, data):
        row = filed(space, data=level_one(space, media_type=media_type, base64=base64.b64encode(data).decode()))
        return row, read(row)

    def test_plain_text_is_shown_as_text(self, space):
        _, response = self.page(space, "text/plain", b"Bonjour <b>Alice</b>")
        assert "Bonjour &lt;b&gt;Alice&lt;/b&gt;" in main_of(response)

    def test_sec_11_a_picture_is_shown_as_we_drew_it(self, space):
        held = BytesIO()
        Image.new("RGB", (2, 2)).save(held, "PNG")
        row, response = self.page(space, "image/png", held.getvalue())
        assert "<img" not in main_of(response)
        assert "Ce fichier est en cours de préparation" in words_of(response)

        response = read(prepared(row))
        assert f'src="{reverse("dmp:page_picture", args=[space.id, row.id, 0, 1, 2])}"' in main_of(response)

    def test_s05_rtf_is_offered_as_a_download_with_a_sentence(self, space):
        row, response = self.page(space, "text/rtf", rb"{\rtf1 Bonjour <b>}")
        assert reverse("dmp:attachment_file", args=[space.id, row.id, 0]) in main_of(response)
        assert "En préparation." in words_of(response)

        response = read(prepared(row))
        assert '<div class="dmp-text">Bonjour &lt;b&gt;</div>' in main_of(response)
        assert reverse("dmp:attachment_file", args=[space.id, row.id, 0]) in main_of(response)

    def test_dmp_106_a_pdf_with_a_script_warns(self, space):
        held = BytesIO()
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(held)
        row, _ = self.page(space, "application/pdf", held.getvalue())
        response = read(prepared(row))
        assert reverse("dmp:attachment_file", args=[space.id, row.id, 0]) in main_of(response)
        assert "Ce PDF contient des éléments actifs" in words_of(response)
