"""Samples and cases of mail through the filing: what a reader of the box then has (S13 to S17, S19; MSS-50)."""

from __future__ import annotations

import pytest

from apps.mss.bodies import Bodies
from apps.mss.models import Attachment, Correspondent, Message, Thread
from tests import factories
from tests.mss.arriving import receive
from tests.shared_material import needs_shared, shared

pytestmark = [pytest.mark.django_db, needs_shared]


@pytest.fixture
def space():
    """The person of the samples."""
    person = factories.identity(
        ins_number="2790351215189",
        birth_family_name="PAT-TROIS",
        birth_given_names="DOMINIQUE",
        first_given_name="DOMINIQUE",
        birth_date="1979-03-28",
    )
    return factories.space(person=person)


def sample(name: str) -> bytes:
    return shared(f"samples/xdm/eml/{name}.eml").read_bytes()


def shown():
    rows = Attachment.objects.filter(held="").exclude(kind="part").order_by("position")
    return [(row.kind, row.parent_id is None) for row in rows]


def text_of(message):
    return Bodies(message.space_id).open(message.body_sealed, row_id=message.id)


def names():
    return list(Attachment.objects.order_by("position").values_list("name", flat=True))


class TestSamples:
    def test_mss_50_01_is_one_document_with_its_copy_folded_in(self, space):
        (message,) = receive(sample("01_pro-to-patient_xdm-pdf"), space)
        assert [kind for kind, _ in shown()] == ["package", "document", "twin"]
        assert message.document_codes == ["18748-4"]
        assert not message.subject.startswith("XDM")

    def test_mss_24_02_ends_the_exchange(self, space):
        receive(sample("02_pro-to-patient_fin"), space)
        assert Correspondent.objects.get().has_ended

    def test_03_has_no_attachment(self, space):
        receive(sample("03_pro-to-patient_text-only"), space)
        assert shown() == []

    def test_mss_60_05_wants_a_receipt(self, space):
        data = sample("05_pro-to-patient_read-receipt")
        (line,) = [each for each in data.decode("latin-1").splitlines() if each.startswith("Disposition-Notification")]
        address = line.partition(":")[2].strip().rpartition("<")[2].rstrip(">")
        (message,) = receive(data, space, sender=address)
        assert message.wants_receipt

    def test_06_has_two_documents(self, space):
        (message,) = receive(sample("06_pro-to-patient_two-documents"), space)
        assert Attachment.objects.filter(kind="document", held="").count() == 2
        assert len(message.document_codes) == 2

    def test_mss_52_07_asks_to_replace_the_document_of_01(self, space):
        receive(sample("01_pro-to-patient_xdm-pdf"), space)
        receive(sample("07_pro-to-patient_replace"), space)
        first, second = Attachment.objects.filter(kind="document").order_by("message__received_at", "id")
        assert second.replaces == first.unique_id

    def test_10_shows_markup_as_text(self, space):
        (message,) = receive(sample("10_html-body-hostile"), space)
        assert message.body_kind == Message.Body.PLAIN
        assert "<b>gras</b>" in text_of(message)  # of the plain part, as its writer typed it
        assert Attachment.objects.get(declared_type="text/html").refused == "type"

    def test_mss_23_11_is_a_line(self, space):
        (message,) = receive(sample("11_pro-to-patient_subject-fin"), space)
        assert message.kind == Message.Kind.END

    @pytest.mark.parametrize("name", sorted(path.stem for path in shared("samples/xdm/eml").glob("*.eml")))
    def test_mss_39_every_one_is_filed(self, space, name):
        assert len(receive(sample(name), space)) == 1
        assert Thread.objects.get().messages == 1


class TestCases:
    @staticmethod
    def _case(name: str) -> bytes:
        return shared(f"cases/mail/{name}.eml").read_bytes()

    @pytest.mark.parametrize("name", ["S13a-charset-unknown", "S13b-charset-trailing-junk"])
    def test_s13_a_doubtful_text_is_readable_and_says_so(self, space, name):
        (message,) = receive(self._case(name), space)
        assert message.subject
        assert text_of(message).strip()

    def test_s14_a_long_name_in_three_pieces_is_one_name(self, space):
        receive(self._case("S14-rfc2231-continued"), space)
        assert names() == ["résultats du 3 février — biologie.pdf"]

    def test_s15_the_container_of_outlook_is_offered(self, space):
        receive(self._case("S15-winmail-dat"), space)
        assert [(row.kind, row.name) for row in Attachment.objects.all()] == [("file", "winmail.dat")]

    def test_s16_a_forwarded_message_holds_its_own_file(self, space):
        receive(self._case("S16-forwarded-rfc822"), space)
        outer = Attachment.objects.get(kind="message")
        assert Attachment.objects.get(kind="file").parent_id == outer.id

    def test_s17_a_message_of_one_file_has_no_text(self, space):
        (message,) = receive(self._case("S17a-empty-body-one-pdf"), space)
        assert message.body_kind == Message.Body.NONE
        assert Attachment.objects.count() == 1

    def test_s17_a_message_of_scripts_has_nothing_to_read(self, space):
        (message,) = receive(self._case("S17b-html-only-scripts"), space)
        assert text_of(message).strip() == ""

    def test_s19_the_same_twice_is_one(self, space):
        receive(self._case("S19a-first"), space)
        assert len(receive(self._case("S19b-same-id-same-content"), space)) == 1
