"""Every sample and every document case at the door of professionals, from deposit to page (S01 to S08, DMP-80)."""

from __future__ import annotations

import base64

import pytest
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document, Rendition
from apps.files.models import StoredFile
from apps.formats.cda.reader import read_cda
from apps.formats.decoding import RefusedFileError, open_file
from apps.spaces.majority import is_minor
from tests import factories
from tests.dmp.factories import filed, holder_of, level_one, prepared, representative_of, with_file
from tests.dmp.pages import main_of, words_of
from tests.dmp.test_deposit import SOPHIE, refusal
from tests.formats.pages import live_parts
from tests.harness.clock import NOON
from tests.shared_material import needs_shared, shared

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CDA = shared("samples/cda")
CASES = shared("cases/cda")

# 904: the official example gives an invented person a number of the real register, which is refused here.
REFUSED = {
    "fr/dispensation_n3.xml": "904",
    "fr/enfant-mesures_n3.xml": "904",
    "fr/maternite-enfant_n3.xml": "904",
    **{f"foreign/{path.name}": "903" for path in CDA.glob("foreign/*.xml")},
}
NAMES = sorted(
    f"{path.parent.name}/{path.name}" for folder in ("fr", "derived", "foreign") for path in CDA.glob(f"{folder}/*.xml")
)
ACCEPTED = [name for name in NAMES if name not in REFUSED] or ["missing"]
# What is shown of the files inside: number of pages by number of the file, or why not.
PAGES = {
    "derived/n1_pdf_v1.xml": {0: 1},
    "derived/n1_pdf_v2_rplc.xml": {0: 1},
    "derived/n1_tiff.xml": {0: 1},
    "derived/n1_jpeg.xml": {0: 1},
    "derived/n1_rtf.xml": {0: 0},
    "derived/n1_text.xml": {},
    "derived/n1_text_inline.xml": {},
    "fr/bio_n1_pdf.xml": {0: 2},
}


def space_of(data: bytes):
    """The space of the patient of the document, as the register knows them."""
    patient = read_cda(data).patient
    number = next((item for item in patient.ins if item.extension), None)
    name, born = patient.name, patient.born
    values = {
        "birth_family_name": name.birth_family or "INCONNU",
        "birth_given_names": name.birth_given or "INCONNU",
        "first_given_name": (name.birth_given or "INCONNU").split()[0],
        "birth_date": born.as_partial_date().iso() if born else "1980-01-01",
        "sex": (patient.sex.code if patient.sex else None) or "F",
    }
    if number is not None:
        values |= {"ins_number": number.extension[:13]}
    return factories.space(person=factories.identity(**values))


@needs_shared
class TestSamples:
    @pytest.mark.parametrize("name", REFUSED or ["missing"])
    def test_dmp_83_a_document_without_a_number_of_ours_is_refused(self, name):
        data = CDA.joinpath(name).read_bytes()
        space = space_of(data)

        assert refusal(space, data) == REFUSED[name]
        assert [rows.objects.count() for rows in (Document, StoredFile, Rendition)] == [0, 0, 0]
        assert events_of(space.id).first().facts["code"] == REFUSED[name]

    @pytest.mark.parametrize("name", ACCEPTED)
    def test_dmp_108_a_document_is_filed_prepared_and_shown(self, name):
        data = CDA.joinpath(name).read_bytes()
        space = space_of(data)
        row = prepared(filed(space, data=data))
        reader = representative_of(space) if is_minor(space.identity.born_on, at=NOON) else holder_of(space)
        reader.client.braces_allowed = True  # they may stand in the text of a document
        response = reader.client.get(reverse("dmp:document_detail", args=[space.id, row.id]))

        assert response.status_code == 200
        assert "None" not in words_of(response)
        assert foreign_parts(response) == []
        shown = dict(Rendition.objects.filter(state="ready").values_list("number", "pages"))
        assert shown == PAGES.get(name, shown)
        assert not Rendition.objects.filter(state="waiting").exists()

    def test_the_files_inside_the_samples_are_shown_but_for_what_acts_by_itself(self):
        reasons = set()
        for name in ACCEPTED:
            data = CDA.joinpath(name).read_bytes()
            for file in read_cda(data).files:
                if file.data is not None and file.served_type == "application/pdf":
                    reasons.add(opened(file.data))

        assert reasons <= {"shown", "active"}

    def test_dmp_03_the_second_version_stands_for_the_first(self):
        first, second = (CDA.joinpath(f"derived/{name}.xml").read_bytes() for name in ("n1_pdf_v1", "n1_pdf_v2_rplc"))
        space = space_of(first)
        old, new = filed(space, data=first), filed(space, data=second)
        client = holder_of(space).client

        listed = main_of(client.get(reverse("dmp:document_list", args=[space.id])))
        assert str(new.id) in listed
        assert str(old.id) not in listed
        assert str(old.id) in main_of(client.get(reverse("dmp:document_versions", args=[space.id, new.id])))


def foreign_parts(response):
    """What could run or load something, but for pages of the portal itself."""
    return [part for part in live_parts(main_of(response)) if not part.startswith("/")]


def opened(data):
    try:
        open_file(data, "application/pdf")
    except RefusedFileError as error:
        return error.reason.value
    return "shown"


@needs_shared
class TestCases:
    """Holder: Sophie ESSAI of the eligibility baseline."""

    @pytest.fixture
    def space(self):
        return factories.space(person=factories.identity(**SOPHIE))

    def page(self, space, name):
        row = prepared(filed(space, data=next(CASES.glob(f"{name}*")).read_bytes()))
        return row, holder_of(space).client.get(reverse("dmp:document_detail", args=[space.id, row.id]))

    def test_the_baseline_is_accepted(self, space):
        assert self.page(space, "baseline")[1].status_code == 200

    @pytest.mark.parametrize("name", ["S01a", "S01b"])
    def test_s01_a_dtd_is_refused_with_its_name_and_a_line(self, space, name):
        assert refusal(space, next(CASES.glob(f"{name}*")).read_bytes()) == "dtd"
        line = events_of(space.id).first()
        assert (line.action, line.facts["code"]) == ("dmp.document.refuse", "dtd")
        assert "root:" not in str(line.facts)

    def test_s02_no_author_and_a_month_are_told_as_they_are(self, space):
        row, response = self.page(space, "S02")
        words = words_of(response)

        assert "février 2026" in words
        assert "1er février" not in words
        assert "1 février" not in words
        assert "Auteur non précisé" in words or "auteur non précisé" in words
        assert (row.sorted_on.year, row.sorted_on.month) == (2026, 2)
        assert {"no-legal-authenticator", "author-without-identity"} <= set(row.warnings)

    def test_s03_latin_1_is_shown_right_and_kept_byte_by_byte(self, space):
        row, response = self.page(space, "S03")
        assert "âgée" in main_of(response)
        assert "Noël" in main_of(response)

        reading = services.download_document(actor=factories.holder(space), document_id=row.id, at=row.received_at)
        assert reading.data == next(CASES.glob("S03*")).read_bytes()

    def test_s04a_a_pdf_in_wrapped_base64_is_shown_and_offered(self, space):
        row, response = self.page(space, "S04a")

        assert reverse("dmp:page_picture", args=[space.id, row.id, 0, 1, 1440]) in main_of(response)
        assert "Compte rendu d’essai" in words_of(response)
        file = holder_of(space).client.get(reverse("dmp:attachment_file", args=[space.id, row.id, 0]))
        assert file.headers["Content-Type"] == "application/pdf"

    def test_s04b_a_png_that_is_called_pdf_is_kept_and_served_as_bytes_only(self, space):
        row, response = self.page(space, "S04b")

        assert "attachment-type-differs" in row.warnings
        assert not Rendition.objects.exists()
        assert "<img" not in main_of(response)
        file = holder_of(space).client.get(reverse("dmp:attachment_file", args=[space.id, row.id, 0]))
        assert file.headers["Content-Type"] == "application/octet-stream"
        assert file.headers["Content-Disposition"].startswith("attachment;")

    def test_s05_an_rtf_is_shown_as_its_text_and_offered_as_a_download(self, space):
        row, response = self.page(space, "S05")

        assert "février" in words_of(response)
        file = holder_of(space).client.get(reverse("dmp:attachment_file", args=[space.id, row.id, 0]))
        assert (file.headers["Content-Type"], file.headers["X-Content-Type-Options"]) == ("text/rtf", "nosniff")
        assert ".rtf" in file.headers["Content-Disposition"]

    def test_s06_an_american_document_is_readable_and_runs_nothing(self, space):
        _row, response = self.page(space, "S06")
        content = main_of(response)

        assert 'lang="en' in content
        assert 'href="javascript' not in content.lower()
        assert "noopener" in content
        assert foreign_parts(response) == []

    def test_s07_the_day_in_la_reunion_stays_the_day(self, space):
        row, response = self.page(space, "S07")
        listed = words_of(holder_of(space).client.get(reverse("dmp:document_list", args=[space.id])))

        assert "1er janvier 2026" in words_of(response)
        assert "31 décembre 2025" not in words_of(response) + listed
        assert row.created.endswith("+04:00")

    def test_s08_a_document_about_somebody_else_is_refused_and_their_number_is_nowhere(self, space):
        assert refusal(space, next(CASES.glob("S08*")).read_bytes()) == "904"
        assert "1850599350123" not in str([line.facts for line in events_of(space.id)])


class TestWithoutTheSamples:
    """The same by documents of our own, for a checkout that stands alone."""

    def test_s04c_a_file_beyond_the_limit_is_refused_before_it_is_read(self, settings, monkeypatch):
        space = factories.space()
        settings.DMP_MAX_DOCUMENT_BYTES = 50_000
        data = level_one(
            space, media_type="application/pdf", base64=base64.b64encode(b"%PDF-" + b"0" * 60_000).decode()
        )
        monkeypatch.setattr("apps.dmp.services.deposit.read_cda", lambda _data: pytest.fail("read"))

        assert refusal(space, data) == "too-large"
        line = events_of(space.id).first()
        assert line.facts == {"code": "too-large", "bytes": len(data)}

    def test_s05_an_rtf_of_ours(self):
        space = factories.space()
        row = prepared(with_file(space, "application/rtf", rb"{\rtf1\ansi S\'e9ance de f\'e9vrier}"))
        response = holder_of(space).client.get(reverse("dmp:document_detail", args=[space.id, row.id]))

        assert "Séance de février" in words_of(response)

    def test_s01_a_dtd_of_ours(self):
        space = factories.space()
        data = level_one(space, media_type="text/plain", base64="YQ==").replace(
            b"<ClinicalDocument", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ClinicalDocument', 1
        )

        assert refusal(space, data) == "dtd"


@needs_shared
def test_every_sample_has_an_outcome():
    assert set(REFUSED) <= set(NAMES)
    assert len(NAMES) == 31 + 8 + 7
