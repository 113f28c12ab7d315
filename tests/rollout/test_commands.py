from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from apps.rollout.models import EligiblePerson, ImportRun
from apps.spaces.models import HealthSpace
from tests.rollout import factories as rollout
from tests.rollout.files import CHILD, FATHER, SOPHIE, content, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def eligible(tmp_path):
    path = tmp_path / "eligibles.csv"
    path.write_bytes(content(row(), row(**FATHER), row(**CHILD), row(cle="00"), ""))
    return path


def run(capsys, *arguments) -> list[str]:
    call_command(*map(str, arguments))
    return capsys.readouterr().out.splitlines()


def error_of(*arguments) -> str:
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, arguments))
    assert caught.value.returncode == 1
    assert "\n" not in str(caught.value)
    return str(caught.value)


class TestRolloutImport:
    def test_rol_11_the_last_line_counts_and_the_sums_agree(self, eligible, capsys):
        assert run(capsys, "rollout_import", eligible) == [
            "refused CLE 1",
            "read=5 accepted=3 unchanged=0 refused=1 ignored=1",
        ]

    def test_report_is_a_csv_of_line_field_code_and_words(self, eligible, tmp_path, capsys):
        path = tmp_path / "report.csv"
        run(capsys, "rollout_import", eligible, "--report", path)

        with path.open(encoding="utf-8-sig", newline="") as handle:
            title, finding = csv.reader(handle, delimiter=";")
        assert title == ["ligne", "champ", "code", "valeur masquée", "explication"]
        assert finding[:3] == ["5", "cle", "CLE"]
        assert all(finding[3:])

    def test_dry_run_writes_nothing(self, eligible, capsys):
        lines = run(capsys, "rollout_import", eligible, "--dry-run")

        assert lines[-1] == "read=5 accepted=3 unchanged=0 refused=1 ignored=1"
        assert not ImportRun.objects.exists()

    def test_a_refused_file_is_one_line_that_names_the_columns(self, tmp_path):
        path = tmp_path / "short.csv"
        path.write_bytes(content().replace(b";oid;", b";"))

        assert error_of("rollout_import", path).endswith(" oid")

    @pytest.mark.parametrize("data", [b"", "matricule;cle\n".encode("utf-16"), b"a" * 70_000])
    def test_other_refused_files_are_one_line(self, tmp_path, data):
        path = tmp_path / "other.csv"
        path.write_bytes(data)

        assert error_of("rollout_import", path)

    def test_a_file_that_is_not_there_is_one_line(self, tmp_path):
        assert error_of("rollout_import", tmp_path / "nowhere.csv")


class TestRolloutOpen:
    def test_prints_what_it_did_once_and_only_once(self, eligible, capsys):
        run(capsys, "rollout_import", eligible)

        rollout.everybody_waited()

        assert run(capsys, "rollout_open") == ["opened=3 already=0 not_opened=0 failed=0"]
        assert run(capsys, "rollout_open") == ["opened=0 already=3 not_opened=0 failed=0"]

    def test_at_is_paris_time_without_a_zone(self, eligible, capsys):
        run(capsys, "rollout_import", eligible)
        rollout.everybody_waited(at=datetime(2027, 7, 1, tzinfo=UTC))
        run(capsys, "rollout_open", "--at", "2027-07-01T08:00")

        assert HealthSpace.objects.get(identity__ins_number=SOPHIE).opened_at.isoformat() == "2027-07-01T06:00:00+00:00"
        assert EligiblePerson.objects.filter(state_at="2027-07-01T06:00:00Z").count() == 3
