"""Every sample and case of mail and of packages comes through the door, and has its written outcome behind it."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path

import pytest

from apps.directory import trust
from apps.mss.bodies import Bodies
from apps.mss.jobs.filing import file_arrivals
from apps.mss.models import Arrival, Attachment, Correspondent, Message
from apps.notifications.models import Notice
from apps.spaces.models import HealthSpace
from tests import factories
from tests.directory.trust_lists import bring, trust_list
from tests.harness.clock import NOON
from tests.mss.door.opened import OPERATOR_NAME, opened
from tests.shared_material import needs_shared, shared

pytestmark = [pytest.mark.django_db(transaction=True), needs_shared]
TRUSTED = ("radio-ambroise.mssante.fr", "ch-sample.mssante.fr", "labo-charmes.mssante.fr", "medecin.mssante.example")
SAMPLES, MAILS, PACKAGES = "samples/xdm/eml", "cases/mail", "cases/xdm"
OURS = ("04_patient-reply", "20_mdn_displayed", "21_dsn_5-1-1", "22_dsn_5-2-1", "23_dsn_5-3-4")
HOLDERS = {"patient.mssante.fr": "2790351215189", "patient.mssante.example": "2790244109999"}


@pytest.fixture
def post(settings, transactional_db, papers, time_machine):
    """Hands a mail in as its headers say; the code of the answer, after everything was filed."""
    time_machine.move_to(NOON, tick=True)
    bring(trust_list(*TRUSTED, issued=NOON, operator=OPERATOR_NAME), at=NOON, force=True)
    trust.forget()

    def hand_in(data: bytes) -> int:
        fields = BytesHeaderParser(policy=SMTP).parsebytes(data)
        to = parseaddr(str(fields["To"]))[1]
        settings.MSS_PATIENT_DOMAIN = to.rpartition("@")[2]
        with opened(papers) as door, door.knock() as client:
            try:
                client.sendmail(parseaddr(str(fields["From"]))[1], [to], data)
            except smtplib.SMTPResponseException as refused:
                return refused.smtp_code
            except smtplib.SMTPRecipientsRefused as refused:
                return next(iter(refused.recipients.values()))[0]
        file_arrivals(at=NOON.replace(year=2027))
        return 250

    yield hand_in
    trust.forget()


@pytest.fixture
def space(transactional_db):
    """The person of the samples; the one of the cases has a space, too."""
    factories.space(person=factories.identity(ins_number=HOLDERS["patient.mssante.example"]))
    person = factories.identity(
        ins_number=HOLDERS["patient.mssante.fr"], birth_family_name="PAT-TROIS", birth_given_names="DOMINIQUE",
        first_given_name="DOMINIQUE", birth_date="1979-03-28",
    )  # fmt: skip
    return factories.space(person=person)


def sample(name: str) -> bytes:
    return shared(f"{SAMPLES}/{name}.eml").read_bytes()


def case(name: str) -> bytes:
    return shared(f"{MAILS}/{name}.eml").read_bytes()


def package(name: str) -> bytes:
    """A mail of the doctor of the cases with this archive."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "dr.benali@medecin.mssante.example", "279024410999913@patient.mssante.example"
    mail["Subject"], mail["Message-ID"] = "Documents", f"<{name}@medecin.mssante.example>"
    mail.set_content("Voici vos documents.")
    data = shared(f"{PACKAGES}/{name}.zip").read_bytes()
    mail.add_attachment(data, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    return mail.as_bytes()


def kinds() -> list[str]:
    return list(Attachment.objects.filter(held="").order_by("position").values_list("kind", flat=True))


def only_message() -> Message:
    return Message.objects.get()


def text_of(message: Message) -> str:
    return Bodies(message.space_id).open(message.body_sealed, row_id=message.id)


@pytest.mark.usefixtures("space")
class TestSamples:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("01_pro-to-patient_xdm-pdf", ["package", "document", "twin"]),
            ("03_pro-to-patient_text-only", []),
            ("05_pro-to-patient_read-receipt", ["package", "document", "twin"]),
            ("06_pro-to-patient_two-documents", ["package", "document", "document"]),
            ("10_html-body-hostile", ["file"]),
        ],
    )
    def test_a_letter_is_taken_and_read(self, post, name, shown):
        assert post(sample(name)) == 250
        message = only_message()
        assert (message.kind, message.body_kind, bool(text_of(message))) == ("letter", "plain", True)
        assert sorted(kinds()) == sorted(shown)

    @pytest.mark.parametrize("name", ["02_pro-to-patient_fin", "11_pro-to-patient_subject-fin"])
    def test_mss_23_an_end_ends_the_exchange(self, post, name):
        assert post(sample(name)) == 250
        assert Correspondent.objects.get().has_ended

    @pytest.mark.parametrize("name", ["08_outside-trust-space", "09_display-name-spoof"])
    def test_mss_02_who_is_outside_the_trust_space_is_refused_whatever_the_name_says(self, post, name):
        assert post(sample(name)) == 550
        assert not Arrival.objects.exists()

    def test_mss_52_a_replacement_names_the_document_that_came_before(self, post):
        assert [post(sample("01_pro-to-patient_xdm-pdf")), post(sample("07_pro-to-patient_replace"))] == [250, 250]
        first, second = Attachment.objects.filter(kind="document").order_by("message__received_at", "id")
        assert second.replaces == first.unique_id

    @pytest.mark.parametrize("name", OURS)
    def test_what_the_portal_itself_sends_does_not_come_back_in(self, post, name):
        assert post(sample(name)) == 550
        assert not Arrival.objects.exists()


@pytest.mark.usefixtures("space")
class TestCases:
    @pytest.mark.parametrize("name", ["S13a-charset-unknown", "S13b-charset-trailing-junk"])
    def test_s13_the_text_is_readable(self, post, name):
        assert post(case(name)) == 250
        message = only_message()
        assert all((message.subject, text_of(message).strip()))

    def test_s14_a_name_in_three_pieces(self, post):
        assert post(case("S14-rfc2231-continued")) == 250
        assert Attachment.objects.get().name == "résultats du 3 février — biologie.pdf"

    def test_s15_the_container_is_offered(self, post):
        assert post(case("S15-winmail-dat")) == 250
        assert [(row.kind, row.name) for row in Attachment.objects.all()] == [("file", "winmail.dat")]

    def test_s16_a_forwarded_message(self, post):
        assert post(case("S16-forwarded-rfc822")) == 250
        assert kinds() == ["message", "file"]

    @pytest.mark.parametrize(
        ("name", "files"), [("S17a-empty-body-one-pdf", ["file"]), ("S17b-html-only-scripts", None)]
    )
    def test_s17_nothing_to_read(self, post, name, files):
        assert post(case(name)) == 250
        assert text_of(only_message()).strip() == ""
        assert files is None or kinds() == files

    def test_s19_twice_is_one_message_and_one_notice(self, post):
        holder = HealthSpace.objects.get(identity__ins_number=HOLDERS["patient.mssante.example"])
        factories.user(person=holder.identity)
        assert [post(case("S19a-first")), post(case("S19b-same-id-same-content"))] == [250, 250]
        assert (Message.objects.count(), Arrival.objects.count()) == (1, 2)
        assert Notice.objects.count() == 1

    def test_s20_a_closed_space(self, post):
        number = case("S20-to-closed-space").partition(b"To: ")[2][:13].decode()
        person = factories.identity(ins_number=number)
        factories.space(person=person, status="closed", closed_at=NOON, closure_reason="holder")
        assert post(case("S20-to-closed-space")) == 550
        assert not Arrival.objects.exists()

    def test_s21_the_real_ending_is_seen(self, post):
        assert post(case("S21-bidi-filename")) == 250
        row = Attachment.objects.get()
        assert row.name.endswith(".exe")
        assert not any("\u202a" <= sign <= "\u202e" for sign in row.name)
        assert row.refused == "type"

    def test_the_mail_without_fault(self, post):
        assert post(case("baseline-accepted")) == 250


@pytest.mark.usefixtures("space")
class TestPackages:
    @pytest.mark.parametrize("name", ["S09-no-metadata", "S12-cp850-names"])
    def test_s09_s12_the_archive_is_shown_as_one_without_metadata(self, post, name):
        assert post(package(name)) == 250
        assert text_of(only_message()).strip() == "Voici vos documents."
        row = Attachment.objects.get()
        assert (row.kind, row.name, row.held, row.refused) == ("file", "IHE_XDM.ZIP", "", "metadata")

    @pytest.mark.parametrize("name", ["S10-path-traversal", "S11-zip-bomb-50MB"])
    def test_s10_s11_the_mail_is_kept_and_the_archive_is_held(self, post, name):
        assert post(package(name)) == 250
        assert text_of(only_message()).strip() == "Voici vos documents."
        assert not Attachment.objects.filter(held="").exists()

    def test_the_package_without_fault(self, post):
        assert post(package("baseline-accepted")) == 250
        assert only_message().thread_id


def test_every_mail_of_the_material_has_a_test():
    files = [*shared(SAMPLES).glob("*.eml"), *shared(MAILS).glob("*.eml"), *shared(PACKAGES).glob("*.zip")]
    written = Path(__file__).read_text(encoding="utf-8")

    assert [path.stem for path in files if path.stem not in written] == []
