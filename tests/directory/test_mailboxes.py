"""Mailboxes of the directory: extract, who stands behind an address, pharmacies, who left (MSS-06, MSS-21, MSS-27)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.directory import boxes
from apps.directory.extract import TitlesMissingError
from apps.directory.mailbox_list import mailbox_reader, structure_id
from apps.directory.models import Establishment, Mailbox, Organisation, Professional
from apps.directory.services import ExtractShrunkError
from tests.directory.extracts import DURAND, LEFORT, counts
from tests.directory.mailboxes import (
    DOCTOR,
    HEADER,
    OTHER_FINESS,
    PHARMACY,
    PHARMACY_FINESS,
    bring_mailboxes,
    listed_box,
    mailbox_line,
)
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def box(address: str) -> Mailbox:
    return Mailbox.objects.get(address=address)


def place(finess: str, *, sector: str = "SA33") -> None:
    Organisation.objects.create(
        technical_id=f"F{finess}", finess=finess, name="X", sector_code=sector, seen_on=NOON.date()
    )


def pharmacy_box(number: int = 0, **values: str) -> Mailbox:
    defaults = {"box_type": "ORG", "national_id": f"1{PHARMACY_FINESS}", "finess": PHARMACY_FINESS}
    defaults |= {"name": "Pharmacie des Halles", "town": "NANTES", "post_code": "44000"}
    return listed_box(f"pharmacie{number}@pro.mssante.example", **(defaults | values))


class TestExtract:
    def test_mss_06_people_and_places(self):
        assert counts(bring_mailboxes(mailbox_line(DOCTOR), mailbox_line(PHARMACY))) == (2, 2, 0, 0, 0)

        doctor = box("anne.lefort@pro.mssante.example")
        assert (doctor.box_type, doctor.national_id, doctor.name) == ("PER", f"8{LEFORT}", "Dr Anne Lefort")
        assert (doctor.finess, doctor.seen_on) == ("", date(2026, 11, 24))
        pharmacy = box("pharmacie.halles@pro.mssante.example")
        assert (pharmacy.box_type, pharmacy.national_id, pharmacy.finess) == (
            "ORG", f"1{PHARMACY_FINESS}", PHARMACY_FINESS,
        )  # fmt: skip
        assert (pharmacy.name, pharmacy.town, pharmacy.post_code) == ("PHARMACIE DES HALLES", "NANTES", "44000")

    def test_an_address_is_one_box_in_lower_case(self):
        twice = (mailbox_line(DOCTOR), mailbox_line(DOCTOR, address="Anne.LEFORT@Pro.MSSante.Example"))

        assert counts(bring_mailboxes(*twice)) == (2, 1, 0, 0, 1)
        assert Mailbox.objects.count() == 1

    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            (PHARMACY_FINESS, f"1{PHARMACY_FINESS}"),
            (f"F{PHARMACY_FINESS}", f"1{PHARMACY_FINESS}"),
            (f"1{PHARMACY_FINESS}", f"1{PHARMACY_FINESS}"),
            ("12345678900017", "312345678900017"),
            ("2A0000014", "12A0000014"),
            ("R123", "R123"),
            ("", ""),
        ],
    )
    def test_dmp_23_the_number_of_a_structure_has_its_type(self, written, kept):
        assert structure_id(written) == kept

    @pytest.mark.parametrize(
        ("title", "name"),
        [("DR", "Dr Anne Lefort"), ("Docteur", "Dr Anne Lefort"), ("PR", "Pr Anne Lefort"), ("MME", "Anne Lefort")],
    )
    def test_mss_22_names_as_they_are_registered(self, title, name):
        bring_mailboxes(mailbox_line(DOCTOR, title=title))

        assert Mailbox.objects.get().name == name

    def test_the_sign_where_there_is_no_name(self):
        bring_mailboxes(mailbox_line(PHARMACY, name="", sign="Pharmacie du Marché"))

        assert Mailbox.objects.get().name == "Pharmacie du Marché"

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            (mailbox_line(DOCTOR, address="anne.lefort"), "address"),
            (mailbox_line(DOCTOR, address="a@b@pro.mssante.example"), "address"),
            (mailbox_line(DOCTOR, address="@pro.mssante.example"), "address"),
            (mailbox_line(DOCTOR, address="anne lefort@pro.mssante.example"), "address"),
            (mailbox_line(DOCTOR, address="anne@example"), "address"),
            (mailbox_line(DOCTOR, address="x" * 65 + "@pro.mssante.example"), "address"),
            (mailbox_line(DOCTOR, kind="XYZ"), "missing"),
            (mailbox_line(DOCTOR, family=""), "missing"),
            (mailbox_line(PHARMACY, name=""), "missing"),
            (mailbox_line(DOCTOR, person="810100000074"), "number"),
            (mailbox_line(DOCTOR) + "|x", "columns"),
            (mailbox_line(DOCTOR, given="A\u202eN"), "character"),
        ],
    )
    def test_a_broken_line_is_counted_and_left_out(self, line, fault):
        imported = bring_mailboxes(line, mailbox_line(PHARMACY))

        assert imported.faults == [(fault, 1)]
        assert list(Mailbox.objects.values_list("box_type", flat=True)) == ["ORG"]

    def test_dir_04_a_box_that_is_gone_keeps_its_row(self):
        bring_mailboxes(mailbox_line(DOCTOR), mailbox_line(PHARMACY))
        with pytest.raises(ExtractShrunkError):
            bring_mailboxes(mailbox_line(PHARMACY))
        assert Mailbox.objects.filter(is_active=True).count() == 2

        bring_mailboxes(mailbox_line(PHARMACY), force=True)
        assert box("anne.lefort@pro.mssante.example").is_active is False
        assert counts(bring_mailboxes(mailbox_line(DOCTOR), mailbox_line(PHARMACY))) == (2, 1, 1, 0, 0)
        assert box("anne.lefort@pro.mssante.example").is_active is True

    def test_a_separator_may_end_the_lines(self):
        data = [mailbox_line(DOCTOR) + "|", mailbox_line(PHARMACY)]

        assert counts(bring_mailboxes(*data)) == (2, 2, 0, 0, 0)

    def test_missing_titles_are_named(self):
        with pytest.raises(TitlesMissingError) as caught:
            mailbox_reader(HEADER.replace("Identification Structure", "X"))
        assert caught.value.titles == ("Identification Structure",)

    def test_the_command_knows_the_file_by_its_titles(self, tmp_path, capsys):
        path = tmp_path / "Extraction_Correspondance_MSSante_202611240300.txt"
        path.write_text(f"{HEADER}\n{mailbox_line(DOCTOR)}\n", encoding="utf-8")

        call_command("directory_import", str(path))

        assert capsys.readouterr().out.splitlines() == ["read=1 accepted=1 unchanged=0 refused=0 ignored=0"]


class TestBoxAt:
    def test_mss_06_an_active_box_in_any_case(self):
        row = listed_box("anne.lefort@pro.mssante.example")

        assert boxes.box_at("Anne.Lefort@PRO.mssante.example") == row
        assert boxes.box_at("anne.lefort@pro.mssante.example.fr") is None
        Mailbox.objects.update(is_active=False)
        assert boxes.box_at("anne.lefort@pro.mssante.example") is None


class TestPharmacies:
    @pytest.mark.parametrize(
        "text", ["halles", "HALLES nantes", "pharmacie", "nant", "44000", "pharmacie des halles 440", "hállès"]
    )
    def test_mss_21_by_name_town_or_post_code(self, text):
        place(PHARMACY_FINESS)
        row = pharmacy_box()

        assert boxes.pharmacies(text) == [row]
        assert boxes.pharmacy(row.id) == row

    @pytest.mark.parametrize("text", ["", "ph", "h a", "%%%", "___", "alles", "halles rennes", "halles%"])
    def test_mss_21_what_finds_nothing(self, text):
        place(PHARMACY_FINESS)
        pharmacy_box()

        assert boxes.pharmacies(text) == []

    def test_mss_21_a_pharmacy_by_its_sector_or_by_finess(self):
        row = pharmacy_box()
        assert boxes.pharmacies("halles") == []

        known = Establishment.objects.create(
            finess=PHARMACY_FINESS, name="X", category_code="620", seen_on=NOON.date(), is_active=True
        )
        assert boxes.pharmacies("halles") == [row]
        known.is_active = False
        known.save()
        assert boxes.pharmacies("halles") == []
        place(PHARMACY_FINESS, sector="SA01")
        assert boxes.pharmacies("halles") == []

    @pytest.mark.parametrize(
        "values",
        [{"box_type": "PER"}, {"box_type": "APP"}, {"finess": OTHER_FINESS}, {"finess": ""}, {"is_active": False}],
    )
    def test_mss_21_nothing_but_the_box_of_an_active_pharmacy(self, values):
        place(PHARMACY_FINESS)
        row = pharmacy_box(**values)

        assert boxes.pharmacies("halles") == []
        assert boxes.pharmacy(row.id) is None

    def test_no_such_box(self):
        assert boxes.pharmacy(uuid4()) is None

    def test_twenty_at_most_by_one_query_in_the_order_of_names(self):
        place(PHARMACY_FINESS)
        pharmacy_box(0)
        with CaptureQueriesContext(connection) as one:
            boxes.pharmacies("pharmacie")
        for number in range(1, 26):
            pharmacy_box(number, name=f"Pharmacie {number:02}")
        with CaptureQueriesContext(connection) as many:
            found = boxes.pharmacies("pharmacie")

        assert len(one) == len(many) == 1
        assert [row.name for row in found] == [f"Pharmacie {number:02}" for number in range(1, 21)]


class TestLeftActivity:
    def test_mss_27_people_and_establishments_that_the_directory_ended(self):
        for number, is_active in ((LEFORT, False), (DURAND, True)):
            Professional.objects.create(
                national_id=f"8{number}", family_name="X", given_name="Y", profession_code="10", profession_label="M",
                is_active=is_active, seen_on=NOON.date(),
            )  # fmt: skip
        Establishment.objects.create(finess=PHARMACY_FINESS, name="X", seen_on=NOON.date(), is_active=False)
        Establishment.objects.create(finess=OTHER_FINESS, name="X", seen_on=NOON.date())

        asked = [f"8{LEFORT}", f"8{DURAND}", f"1{PHARMACY_FINESS}", f"1{OTHER_FINESS}", "810000000000", "unknown"]
        assert boxes.left_activity(asked) == {f"8{LEFORT}", f"1{PHARMACY_FINESS}"}

    def test_nobody_costs_nothing(self):
        with CaptureQueriesContext(connection) as none:
            assert boxes.left_activity([]) == set()
        assert len(none) == 0
