"""D-04: bytes of documents."""

from __future__ import annotations

import base64

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp.models import Document
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import delegate_of, filed, holder_of, level_one, representative_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def whole(row):
    return reverse("dmp:document_file", args=[row.space_id, row.id])


def inside(row, number=0):
    return reverse("dmp:attachment_file", args=[row.space_id, row.id, number])


def with_file(space, media_type, data):
    return filed(space, data=level_one(space, media_type=media_type, base64=base64.b64encode(data).decode()))


def test_s03_the_original_comes_back_byte_for_byte(space):
    data = Cda(patient=space.identity).data()
    response = holder_of(space).client.get(whole(filed(space, data=data)))
    assert response.content == data


def test_dmp_104_headers_let_nothing_run(space):
    response = holder_of(space).client.get(whole(filed(space, title="Sérologie")))
    assert response.headers["Content-Type"] == "application/xml"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store, private"


def test_sec_16_the_name_is_kind_and_date_in_two_spellings(space):
    response = holder_of(space).client.get(whole(filed(space, title="Sérologie")))
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="resultats-de-biologie-2026-11-18.xml"; '
        "filename*=UTF-8''R%C3%A9sultats%20de%20biologie%20du%2018%C2%A0novembre%202026.xml"
    )


def test_a_file_inside_has_its_own_type(space):
    response = holder_of(space).client.get(inside(with_file(space, "text/rtf", b"{\\rtf1 Bonjour}")))
    assert response.content == b"{\\rtf1 Bonjour}"
    assert response.headers["Content-Type"] == "text/rtf"
    assert 'filename="resultats-de-biologie-2026-11-18.rtf"' in response.headers["Content-Disposition"]


def test_dmp_105_a_type_that_lies_is_served_as_unknown_bytes(space):
    response = holder_of(space).client.get(inside(with_file(space, "application/pdf", b"<html><script>alert(1)")))
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize("number", [1, 99])
def test_a_number_that_no_file_has_is_404(space, number):
    row = with_file(space, "text/plain", b"Bonjour")
    assert holder_of(space).client.get(inside(row, number)).status_code == 404


@pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
def test_a_download_leaves_its_own_line(space, person_of):
    row, person = filed(space), person_of(space)
    assert person.client.get(whole(row)).status_code == 200
    lines = [(line.action, line.target, line.actor_id) for line in events_of(space.id).filter(at=NOON)]
    assert lines == [("dmp.document.download", f"document:{row.id}", str(person.id))]


def test_sec_01_another_holder_gets_404_and_a_visitor_signs_in(space):
    row = filed(space)
    assert holder_of(factories.space()).client.get(whole(row)).status_code == 404
    assert PortalClient().get(whole(row)).status_code == 302


def test_sec_04_an_ended_right_gets_404(space):
    assert representative_of(space, ends_at=NOON).client.get(whole(filed(space))).status_code == 404


def test_acc_33_kept_from_representatives_is_404_for_them(space):
    row = filed(space)
    Document.objects.filter(id=row.id).update(kept_from_representatives=True)
    assert representative_of(space).client.get(whole(row)).status_code == 404
    assert holder_of(space).client.get(whole(row)).status_code == 200


def test_rel_13_nothing_before_the_check(space):
    assert holder_of(space).client.get(whole(filed(space, scanned=False))).status_code == 404


def test_gone_and_withdrawn_are_410(space):
    row, person = filed(space), holder_of(space)
    default_storage.delete(StoredFile.objects.get(id=row.file_id).object_name)
    assert person.client.get(whole(row)).status_code == 410
    Document.objects.filter(id=row.id).update(availability=Document.Availability.DELETED)
    assert person.client.get(whole(row)).status_code == 410


def test_only_safe_methods(space):
    assert holder_of(space).client.post(whole(filed(space))).status_code == 405
