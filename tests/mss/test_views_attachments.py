"""M-04: what came with a message, shown and downloaded; the message as it came (MSS-39, MSS-58, MSS-59, SEC-08)."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
import time_machine
from django.urls import reverse
from PIL import Image

from apps.accounts.models import User
from apps.mss.models import Attachment, Message
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import receive
from tests.mss.test_attaching import mixed
from tests.mss.test_reading import check_all
from tests.mss.writing import writer
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return client_of(User.objects.get(pk=writer(space).user_id))


def pdf(pages: int) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def came(space, name: str, kind: str, data: bytes, *, infected: bool = False) -> Attachment:
    receive(mixed((name, kind, data)), space)
    check_all(infected=infected)
    return Attachment.objects.get(space_id=space.id)


def page_of(row: Attachment, name: str = "attachment") -> str:
    return reverse(f"mss:{name}", args=[row.space_id, row.id])


def test_a_picture_is_drawn_anew(client, space):
    row = came(space, "plaie.jpg", "image/jpeg", picture())
    html = client.get(page_of(row)).content.decode()
    assert 'src="data:image/jpeg;base64,' in html
    assert 'width="40" height="30"' in html


def test_a_file_of_many_pages_shows_the_first_ones_and_says_so(client, space):
    row = came(space, "bilan.pdf", "application/pdf", pdf(7))
    page = client.get(page_of(row))
    assert page.content.decode().count('src="data:image/jpeg;base64,') == 5
    assert "Les 5 premières pages sur 7 sont affichées." in words_of(page)


def test_mss_58_other_kinds_are_only_offered(client, space):
    row = came(space, "notes.docx", "application/zip", b"PK\x03\x04zip")
    words = words_of(client.get(page_of(row)))
    assert "Ce genre de fichier n'est pas affiché ici." in words


def test_what_waits_and_what_is_infected_is_not_shown(client, space):
    receive(mixed(("bilan.pdf", "application/pdf", pdf(1))), space)
    row = Attachment.objects.get(space_id=space.id)
    assert "L'antivirus n'a pas encore" in words_of(client.get(page_of(row)))
    assert client.get(page_of(row, "attachment_file")).status_code == 503
    check_all(infected=True)
    assert "l'antivirus a trouvé un virus" in words_of(client.get(page_of(row)))


def test_mss_59_a_download_has_the_headers_of_a_document(client, space):
    data = pdf(1)
    row = came(space, "résumé.pdf", "application/pdf", data)
    answer = client.get(page_of(row, "attachment_file"))
    assert answer.content == data
    assert answer["Content-Disposition"] == "attachment; filename=\"resume.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript"])
def test_sec_08_active_kinds_come_as_bytes(client, space, kind):
    row = came(space, "page.html", kind, b"<html><script>1</script></html>")
    answer = client.get(page_of(row, "attachment_file"))
    assert answer["Content-Type"] in {"application/octet-stream", "application/xml"}


def test_mss_39_the_original_message(client, space):
    data = mixed(("bilan.pdf", "application/pdf", pdf(1)))
    receive(data, space)
    check_all()
    message = Message.objects.get(space_id=space.id)
    answer = client.get(reverse("mss:message_raw", args=[space.id, message.id]))
    assert answer.content == data
    assert 'filename="message-2026-11-25.eml"' in answer["Content-Disposition"]


def test_sec_01_attachments_and_messages_of_others_are_not_found(client, space):
    other = factories.space()
    row = came(other, "bilan.pdf", "application/pdf", pdf(1))
    for address in (
        reverse("mss:attachment", args=[space.id, row.id]),
        reverse("mss:attachment_file", args=[space.id, row.id]),
        reverse("mss:message_raw", args=[space.id, row.message_id]),
    ):
        assert client.get(address).status_code == 404


@needs_shared
def test_mss_50_a_document_of_a_package_is_shown_as_in_the_record():
    person = factories.identity(
        ins_number="2790351215189", birth_family_name="PAT-TROIS", birth_given_names="DOMINIQUE",
        first_given_name="DOMINIQUE", birth_date="1979-03-28",
    )  # fmt: skip
    space = factories.space(person=person)
    client = client_of(User.objects.get(pk=writer(space).user_id))
    receive(shared("samples/xdm/eml/01_pro-to-patient_xdm-pdf.eml").read_bytes(), space)
    check_all()
    row = Attachment.objects.get(space_id=space.id, kind="document")
    page = client.get(page_of(row))
    assert 'class="ens-cda"' in page.content.decode()
    message = client.get(reverse("mss:thread_detail", args=[space.id, row.message.thread_id]))
    assert message.content.decode().count('class="ens-msg__file"') == 1
    assert "Fichiers d'origine" in words_of(message)
