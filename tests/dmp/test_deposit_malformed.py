"""Every malformed sample at the door of deposits: refused by name, or filed with its warning; never half."""

from __future__ import annotations

import pytest

from apps.dmp import services
from apps.dmp.models import Document, SubmissionSet
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.test_deposit import CAMILLE, deposit
from tests.harness.clock import NOON
from tests.shared_material import needs_shared, shared

pytestmark = [pytest.mark.django_db, needs_shared]
FOLDER = shared("samples/cda/malformed")
REFUSED = {
    **dict.fromkeys(["truncated", "not-xml_pdf", "not-xml_json", "unclosed-tag", "control-char"], "not-well-formed"),
    **dict.fromkeys(["xxe_file", "xxe_http", "xxe_parameter", "external-dtd"], "dtd"),
    **dict.fromkeys(["billion-laughs", "quadratic-blowup"], "dtd"),
    **dict.fromkeys(["wrong-namespace", "no-namespace"], "wrong-namespace"),
    **dict.fromkeys(["header_no-ins", "header_no-recordtarget"], "903"),
    "empty": "empty",
    "bad-utf8": "encoding",
    "deep-nesting": "too-deep",
    "wrong-root": "wrong-root",
    "header_two-patients": "several-patients",
    "header_other-patient-ins": "904",
}
WARNED = {
    "header_bad-date": "unreadable-date",
    "header_ins-bad-shape": "ins-shape",
    "header_no-title": "no-title",
    "no-body": "no-body",
    "multimedia_dangling": "dangling-media",
    "payload_bad-base64": "attachment-problem",
    "payload_empty": "attachment-problem",
    "payload_html": "attachment-type-differs",
    "payload_svg": "attachment-type-differs",
    "payload_pdf-is-html": "attachment-type-differs",
    "payload_pdf-is-png": "attachment-type-differs",
}
FILED = sorted({path.stem for path in FOLDER.glob("*")} - set(REFUSED))


@pytest.fixture
def space():
    return factories.space(person=factories.identity(**CAMILLE))


def test_the_tables_name_samples_that_exist():
    assert (set(REFUSED) | set(WARNED)) - {path.stem for path in FOLDER.glob("*")} == set()
    assert len(REFUSED) + len(FILED) == 49


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_sec_10_refused_with_its_reason_and_nothing_is_stored(space, name, code):
    with pytest.raises(services.DepositRefusedError) as caught:
        deposit(space, FOLDER.joinpath(f"{name}.xml").read_bytes())

    assert caught.value.refusal.code == code
    assert [rows.objects.count() for rows in (Document, SubmissionSet, StoredFile)] == [0, 0, 0]


@pytest.mark.parametrize("name", FILED or ["missing"])
def test_dmp_105_filed_with_its_warning_and_kept_byte_by_byte(space, name):
    data = FOLDER.joinpath(f"{name}.xml").read_bytes()

    row = deposit(space, data)

    scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
    reading = services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON)
    assert reading.data == data
    assert WARNED.get(name, "") in {*row.warnings, ""}
