from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.access import AccessDeniedError, Role
from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document, SubmissionSet
from apps.dmp.services import Deposit, Visibility
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import AUTHOR_ID, ORGANISATION_ID, Cda
from tests.harness.clock import NOON
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db

CAMILLE = {
    "ins_number": "2790351215189",
    "birth_family_name": "PAT-TROIS",
    "birth_given_names": "DOMINIQUE MARIE-LOUISE",
    "first_given_name": "DOMINIQUE",
    "birth_date": "1979-03-28",
    "birth_place": "51215",
}


SOPHIE = {
    "ins_number": "2790244109999",
    "birth_family_name": "ESSAI",
    "birth_given_names": "SOPHIE",
    "first_given_name": "SOPHIE",
    "birth_date": "1979-02-22",
}


def deposit(space, data, *labels):
    made = Deposit(data=data, visibility=frozenset(labels))
    return services.deposit_document(actor=factories.system(space), deposit=made, at=NOON)


def refusal(space, data, *labels):
    with pytest.raises(services.DepositRefusedError) as caught:
        deposit(space, data, *labels)
    assert not Document.objects.exists()
    return caught.value.refusal.code


class TestDeposit:
    def test_dmp_10_row_carries_the_metadata_of_the_document(self):
        space = factories.space()

        row = deposit(space, Cda(patient=space.identity).data())

        row.refresh_from_db()
        assert (row.unique_id, row.set_id, row.version_number) == ("1.2.250.1.999.1", "1.2.250.1.999.100", 1)
        assert (row.type_code, row.class_code, row.category) == ("11502-2", "10", "BIOLOGIE")
        assert row.format_code == "urn:ihe:lab:xd-lab:2008"
        assert row.title == "Résultats de biologie"
        assert row.created == "2026-11-18T16:05:00+01:00"
        assert row.act_started == "2026-11-18T07:50:00+01:00"
        assert row.sorted_on == date(2026, 11, 18)
        assert (row.author_name, row.author_id) == ("Dr HUGO PERRIN", AUTHOR_ID)
        assert (row.organisation_name, row.organisation_id) == ("Laboratoire des Rives", ORGANISATION_ID)
        assert row.hidden_at is None
        assert row.concealed_until is None
        assert SubmissionSet.objects.get().submitted_at == NOON

    def test_sec_13_deposit_and_its_line_come_together(self):
        space = factories.space()

        row = deposit(space, Cda(patient=space.identity).data())

        line = events_of(space.id).get()
        assert (line.action, line.target, line.outcome) == ("dmp.document.deposit", f"document:{row.id}", "permit")

    def test_rel_13_original_bytes_are_kept_and_wait_for_the_scanner(self):
        space = factories.space()
        data = Cda(patient=space.identity).data()

        row = deposit(space, data)

        assert row.file.state == StoredFile.State.WAITING
        reading = services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        assert (reading.data, reading.problem) == (None, "waiting")
        scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
        reading = services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        assert reading.data == data

    def test_dmp_01_same_document_twice_is_one_row(self):
        space = factories.space()
        data = Cda(patient=space.identity).data()

        assert deposit(space, data).id == deposit(space, data).id
        assert Document.objects.count() == 1

    def test_dmp_01_same_identifier_with_other_content_is_refused(self):
        space = factories.space()
        deposit(space, Cda(patient=space.identity).data())

        with pytest.raises(services.DepositRefusedError) as caught:
            deposit(space, Cda(patient=space.identity, text="autre").data())

        assert caught.value.refusal.code == "same-id-other-content"
        assert Document.objects.count() == 1

    def test_acc_05_a_blocked_professional_may_deposit(self):
        space = factories.space()
        actor = replace(factories.system(space), role=Role.PROFESSIONAL)
        row = services.deposit_document(actor=actor, deposit=Deposit(data=Cda(patient=space.identity).data()), at=NOON)
        assert row.space_id == space.id

    def test_holder_cannot_use_this_door(self):
        space = factories.space()
        with pytest.raises(AccessDeniedError):
            services.deposit_document(
                actor=factories.holder(space), deposit=Deposit(data=Cda(patient=space.identity).data()), at=NOON
            )
        line = events_of(space.id).get()
        assert (line.action, line.outcome, line.rule) == ("dmp.document.deposit", "deny", "ACC-05")  # IDN-53


class TestIdentity:
    """DMP-83 and its codes."""

    def test_904_number_of_somebody_else(self):
        space, other = factories.space(), factories.identity(first_given_name="BEATRICE")
        assert refusal(space, Cda(patient=other).data()) == "904"

    def test_904_same_number_other_name(self):
        space = factories.space()
        assert refusal(space, Cda(patient=space.identity, family="LEROY").data()) == "904"

    def test_904_other_birth_date(self):
        space = factories.space()
        assert refusal(space, Cda(patient=space.identity, birth="19840615").data()) == "904"

    def test_903_no_ins_among_the_identifiers(self):
        space = factories.space()
        assert refusal(space, Cda(patient=space.identity, root="1.2.3.4").data()) == "903"

    def test_decision_28_real_nir_is_refused_in_the_demonstration(self):
        space = factories.space()
        assert refusal(space, Cda(patient=space.identity, root="1.2.250.1.213.1.4.8").data()) == "904"

    @pytest.mark.parametrize("tail", ["0", "450", "JUNK", " 45 45"])
    def test_dmp_83_number_with_a_tail_is_another_number(self, tail):
        space = factories.space()
        assert refusal(space, Cda(patient=space.identity, number=space.identity.ins_number + tail).data()) == "904"

    @pytest.mark.parametrize("key", ["", "00", "8X"])
    def test_dmp_82_missing_or_wrong_key_is_flagged_not_refused(self, key):
        space = factories.space()
        assert (
            deposit(space, Cda(patient=space.identity, number=space.identity.ins_number + key).data()).space_id
            == space.id
        )

    def test_s02_birth_date_of_year_precision_is_no_difference(self):
        space = factories.space()
        assert deposit(space, Cda(patient=space.identity, birth="1984").data()).space_id == space.id

    def test_dmp_27_former_number_is_the_same_person(self):
        person = factories.identity(ins_number="2840644109998")
        person.former_numbers.create(ins_number="8840699000001", authority="1.2.250.1.213.1.4.9", ended_at=NOON)
        space = factories.space(person=person)

        row = deposit(space, Cda(patient=person, root="1.2.250.1.213.1.4.9", number="884069900000127").data())

        assert row.space_id == space.id

    def test_idn_17_accents_hyphens_and_apostrophes_do_not_matter(self):
        person = factories.identity(
            birth_family_name="D'ALENCON MENARD", first_given_name="ZOE", birth_given_names="ZOE"
        )
        space = factories.space(person=person)
        assert deposit(space, Cda(patient=person, family="D’Alençon-Ménard").data()).space_id == space.id

    def test_refused_deposit_leaves_one_line_and_no_file(self):
        space = factories.space()

        refusal(space, b"<not-a-cda/>")

        line = events_of(space.id).get()
        assert (line.action, line.facts) == ("dmp.document.refuse", {"code": "wrong-root", "bytes": 12})
        assert not StoredFile.objects.exists()


class TestVersions:
    def test_dmp_03_successor_makes_the_first_version_obsolete(self):
        space = factories.space()
        first = deposit(space, Cda(patient=space.identity).data())
        entry, logical = first.entry_id, first.logical_id

        second = deposit(space, self.successor(space))

        first.refresh_from_db()
        assert (first.is_current, second.is_current) == (False, True)
        assert (second.replaces_id, second.version_number) == (first.id, 2)
        assert first.entry_id != entry
        assert (first.logical_id, second.logical_id != logical) == (logical, True)

    def test_a_hidden_document_stays_hidden_in_its_next_version(self):
        space = factories.space()
        first = deposit(space, Cda(patient=space.identity).data())
        services.hide_document(actor=factories.holder(space), document_id=first.id, at=NOON)
        assert deposit(space, self.successor(space)).is_hidden

    def test_dmp_67_900_only_the_last_version_may_be_replaced(self):
        space = factories.space()
        deposit(space, Cda(patient=space.identity).data())
        deposit(space, self.successor(space))

        with pytest.raises(services.DepositRefusedError) as caught:
            deposit(space, self.successor(space, unique_id="1.2.250.1.999.3"))

        assert caught.value.refusal.code == "900"

    def test_dmp_67_901_only_by_its_author_or_organisation(self):
        space = factories.space()
        deposit(space, Cda(patient=space.identity).data())

        with pytest.raises(services.DepositRefusedError) as caught:
            deposit(space, self.successor(space, author_id="810990000026", organisation_id="1440000001"))

        assert caught.value.refusal.code == "901"

    def successor(self, space, **values):
        given = {"unique_id": "1.2.250.1.999.2", "version": 2, "replaces": "1.2.250.1.999.1", **values}
        return Cda(patient=space.identity, **given).data()


class TestVisibility:
    def test_acc_34_announcement_ends_one_calendar_month_after_the_deposit(self):
        space = factories.space()
        row = deposit(space, Cda(patient=space.identity).data(), Visibility.INVISIBLE_TO_PATIENT)
        assert row.concealed_until == datetime(2026, 12, 25, 12, tzinfo=UTC)

    def test_dmp_35_both_labels_exclude_each_other(self):
        space = factories.space()
        labels = (Visibility.INVISIBLE_TO_PATIENT, Visibility.HIDDEN_FROM_PROFESSIONALS)
        assert refusal(space, Cda(patient=space.identity).data(), *labels) == "labels-exclude-each-other"

    def test_dmp_36_label_of_minors_is_refused_for_an_adult(self):
        space = factories.space()
        label = Visibility.INVISIBLE_TO_REPRESENTATIVES
        assert refusal(space, Cda(patient=space.identity).data(), label) == "label-for-minors-only"

    def test_acc_32_space_that_hides_by_default_hides_new_documents(self):
        space = factories.space(new_documents_hidden=True)
        assert deposit(space, Cda(patient=space.identity).data()).is_hidden


class TestDates:
    def test_dmp_09_year_only_stays_a_year(self):
        space = factories.space()
        row = deposit(space, Cda(patient=space.identity, started="1975", created="1975").data())
        assert (row.created, row.created_on.iso(), row.sorted_on) == ("1975", "1975", date(1975, 1, 1))

    def test_s07_day_of_the_document_is_kept_whatever_the_zone(self):
        space = factories.space()
        written = "20260101003000+0400"
        row = deposit(space, Cda(patient=space.identity, started=written, created=written).data())
        assert (row.created, row.sorted_on) == ("2026-01-01T00:30:00+04:00", date(2026, 1, 1))


@needs_shared
@pytest.mark.parametrize("path", sorted((shared("samples/cda/fr")).glob("*.xml")), ids=lambda path: path.stem)
def test_every_french_sample_of_its_person_is_filed(path):
    space = factories.space(person=factories.identity(**CAMILLE))
    data = path.read_bytes()
    if b"279035121518989" not in data:
        assert refusal(space, data) in {"904", "903"}
    else:
        assert deposit(space, data).title


@needs_shared
def test_header_of_another_patient_is_refused_at_the_deposit():
    space = factories.space(person=factories.identity(**CAMILLE))
    assert refusal(space, shared("samples/cda/malformed/header_other-patient-ins.xml").read_bytes()) == "904"


@needs_shared
class TestCases:
    """The case bank at the door of professionals (PROVIDE). Holder: Sophie ESSAI of the eligibility baseline."""

    @pytest.fixture
    def space(self):
        return factories.space(person=factories.identity(**SOPHIE))

    def case(self, name):
        return shared("cases/cda").joinpath(name).read_bytes()

    def test_baseline_is_accepted(self, space):
        assert deposit(space, self.case("baseline-accepted.xml")).title

    @pytest.mark.parametrize("name", ["S01a-entity-expansion.xml", "S01b-external-file.xml"])
    def test_s01_document_with_a_dtd_is_refused(self, space, name):
        assert refusal(space, self.case(name)) == "dtd"

    def test_s02_month_only_date_and_no_author_are_kept_as_they_are(self, space):
        row = deposit(space, self.case("S02-no-legal-null-author-partial-date.xml"))
        assert row.created_on.iso() == "2026-02"
        assert (row.sorted_on, row.author_name) == (date(2026, 2, 1), "")
        assert "no-legal-authenticator" in row.warnings

    def test_s03_latin_1_document_is_kept_byte_by_byte(self, space):
        data = self.case("S03-iso-8859-1.xml")
        row = deposit(space, data)
        scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
        assert services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON).data == data

    def test_s07_born_at_half_past_midnight_in_la_reunion(self, space):
        row = deposit(space, self.case("S07-reunion-0030.xml"))
        assert row.sorted_on == date(2026, 1, 1)
        assert row.created.endswith("+04:00")

    def test_s08_document_about_another_person_is_refused(self, space):
        assert refusal(space, self.case("S08-other-person.xml")) == "904"


def test_concealed_document_appears_exactly_at_its_limit():
    space = factories.space()
    row = deposit(space, Cda(patient=space.identity).data(), Visibility.INVISIBLE_TO_PATIENT)
    limit = row.concealed_until

    def visible(at):
        return Document.objects.visible_to(factories.holder(space, at=at)).exists()

    assert [visible(limit - timedelta(seconds=1)), visible(limit)] == [False, True]
