"""Words of RO-02: reasons, progress, what to do; forms of RO-02 and RO-06."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.formats.lines import FileFault
from apps.rollout.forms.imports import ConfirmForm, ImportForm
from apps.rollout.forms.intake import ClaimForm, EntryForm, FindForm, OppositionFilterForm
from apps.rollout.models import Capacity, Channel, ImportFile, Notice
from apps.rollout.validation.codes import Code
from apps.rollout.views import import_words
from tests.harness.clock import NOON

TODAY = date(2026, 11, 25)


def file(**values) -> ImportFile:
    return ImportFile(**{"name": "x.csv", "size": 100, "read": 100, **values})


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class TestReasons:
    @pytest.mark.parametrize("fault", FileFault)
    def test_rol_10_each_fault_of_a_file_has_its_words(self, fault):
        words = import_words.reason_of(file(reason=fault.value, details=["cle", "oid"]))

        assert "a refusé" not in words
        assert "%" not in words
        assert words.endswith(".")

    @pytest.mark.parametrize("reason", ["file-gone", "file-unreadable", "lock-taken", "unfinished"])
    def test_each_wait_has_its_words(self, reason):
        assert "a refusé" not in import_words.reason_of(file(reason=reason, details=["mars.csv"]))

    def test_another_file_that_must_be_finished_is_named(self):
        assert "mars.csv" in import_words.reason_of(file(reason="unfinished", details=["mars.csv"]))

    def test_a_code_of_the_database_is_told_as_it_is(self):
        assert "(57014)" in import_words.reason_of(file(reason="57014"))

    def test_nothing_is_said_where_nothing_is_wrong(self):
        assert import_words.reason_of(file()) == ""


class TestProgress:
    def test_nothing_before_it_has_begun(self):
        assert import_words.step_of(file(phase="reading")) is None

    def test_ro_02_percent_alone_while_no_rate_is_known(self):
        step = import_words.step_of(
            file(phase="reading", phase_at=NOON, progress_at=NOON, done=25, total=100, items=1000)
        )

        assert step is not None
        assert (step.percent, plain(step.text)) == (25, "Lecture du fichier : 25 %, 1 000 lignes.")

    def test_ro_02_rate_and_end_of_what_this_task_did(self):
        """After a stop at half: 10 lines in 10 s, 40 of 100 bytes left at 1 byte a second."""
        step = import_words.step_of(
            file(
                phase="reading", phase_at=NOON, phase_from=50, items_from=50, done=60, total=100, items=60,
                progress_at=NOON + timedelta(seconds=10),
            )
        )  # fmt: skip

        assert step is not None
        assert "1 lignes par seconde, fin vers 13 h 00." in plain(step.text)

    def test_a_file_of_no_length_is_no_division_by_zero(self):
        step = import_words.step_of(file(phase="writing", phase_at=NOON, progress_at=NOON, done=0, total=0))

        assert step is not None
        assert step.percent == 0


class TestSecondPerson:
    @pytest.mark.parametrize(
        ("refused", "read", "complete", "needed"),
        [(0, 0, False, False), (1, 100, False, False), (2, 199, False, True), (1, 99, False, True), (0, 9, True, True)],
    )
    def test_sec_21_over_one_in_a_hundred_or_taking_people_out(self, refused, read, complete, needed):
        assert file(refused=refused, read=read, is_complete=complete).needs_second_person is needed


def test_every_kind_that_keeps_a_line_out_says_what_to_do():
    warned = {"COURRIEL", "CASSE", "DOUBLON_EXACT", "DOUBLON_ADRESSE", "DOUBLON_DONNEES", "PREMIER_PRENOM",
              "REPRESENTANT", "VALEUR", "ANCIEN_MATRICULE", "TRAITS"}  # fmt: skip

    assert {code.value for code in Code if code not in import_words._TO_DO} == warned


class TestForms:
    def test_a_folder_without_files_offers_none(self):
        assert "server_file" not in ImportForm(server_files=[]).fields
        assert "server_file" in ImportForm(server_files=["a.csv"]).fields

    def test_a_file_with_refused_lines_cannot_be_complete(self):
        assert not ConfirmForm({"is_complete": "on"}, may_be_complete=False).fields

    def test_a_code_is_enough_to_look_for_somebody(self):
        assert FindForm({"code": "x"}).is_valid()
        assert not FindForm({"family_name": "Morel"}).is_valid()

    def entry(self, **values) -> EntryForm:
        data = {"channel": "phone", "received_on": "2026-11-25", "voice": "self", "receipt": "aucun", **values}
        return EntryForm(data, today=TODAY, capacities=(Capacity.SELF, Capacity.PROTECTOR), representatives=[])

    def test_ro_06_no_receipt_is_wanted(self):
        form = self.entry()

        assert form.is_valid()
        assert (form.entry().contact, form.entry().by, form.entry().channel) == (None, None, Channel.PHONE)

    def test_ro_06_a_receipt_by_mail_goes_to_the_address_that_was_given(self):
        form = self.entry(receipt="courriel", mail="a@example.fr", voice="protector")

        assert form.is_valid()
        contact = form.entry().contact
        assert contact is not None
        assert (contact.channel, contact.mail, form.entry().capacity) == (
            Notice.Channel.MAIL,
            "a@example.fr",
            Capacity.PROTECTOR,
        )

    def test_an_address_that_is_not_used_is_left_out(self):
        form = self.entry(receipt="courrier", mail="a@example.fr")

        assert form.is_valid()
        contact = form.entry().contact
        assert contact is not None
        assert (contact.channel, contact.mail) == (Notice.Channel.POST, "")

    @pytest.mark.parametrize("day", ["2026-11-26", "2027-01-01"])
    def test_ro_06_nothing_is_received_later_than_today(self, day):
        assert "received_on" in self.entry(received_on=day).errors

    @pytest.mark.parametrize("day", ["0026-11-25", "0001-01-01", "2025-11-24"])
    def test_ro_06_a_slip_in_the_year_is_no_day_of_effect(self, day):
        """A browser that gets a year of two digits sends « 0026 »: before every opening, it would close the space."""
        assert self.entry(received_on=day).errors["received_on"] == [
            "Ce jour est passé depuis plus d'un an. Vérifiez l'année."
        ]
        assert self.entry(received_on="2025-11-25").is_valid()

    def test_a_scan_over_ten_megabytes_is_told_at_once(self):
        large = SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * 10_000_000)
        data = {"channel": "phone", "received_on": "2026-11-25"}
        form = ClaimForm(data, {"scan": large}, today=TODAY)

        assert "scan" in form.errors

    def test_ro_06_unknown_day_and_month_of_birth(self):
        data = {
            "channel": "phone", "received_on": "2026-11-25", "capacity": "self", "family_name": "Morel",
            "given_name": "Alice", "birth_date": "00/00/1952", "contact": "06",
        }  # fmt: skip
        form = ClaimForm(data, today=TODAY)

        assert form.is_valid(), form.errors
        assert form.new().birth_date == "1952-00-00"

    def test_filters_that_are_wrong_let_everybody_in(self):
        assert OppositionFilterForm({"since": "hier", "channel": "pigeon"}).active() == {}
        assert OppositionFilterForm({"since": "2026-11-25", "state": ""}).active() == {"since": "2026-11-25"}
