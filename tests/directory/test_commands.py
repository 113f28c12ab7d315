from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from apps.directory.models import Professional
from tests.directory.extracts import NURSE, content, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def extract(tmp_path):
    path = tmp_path / "PS_LibreAcces_Personne_activite_202611240300.txt"
    path.write_bytes(content(line(), line(**NURSE), line(number="10100000074")))
    return path


class TestDirectoryImport:
    def test_the_last_line_counts_and_the_sums_agree(self, extract, capsys):
        call_command("directory_import", str(extract))

        assert capsys.readouterr().out.splitlines() == [
            "refused number 1",
            "read=3 accepted=2 unchanged=0 refused=1 ignored=0",
        ]

    def test_dir_06_a_shrunk_extract_needs_force(self, extract, capsys):
        call_command("directory_import", str(extract))
        extract.write_bytes(content(line()))

        with pytest.raises(CommandError) as caught:
            call_command("directory_import", str(extract))
        assert "--force" in str(caught.value)
        assert "\n" not in str(caught.value)

        call_command("directory_import", str(extract), "--force")
        assert capsys.readouterr().out.splitlines()[-1] == "read=1 accepted=0 unchanged=1 refused=0 ignored=0"
        assert Professional.objects.filter(is_active=True).count() == 1

    def test_missing_titles_are_named_on_one_line(self, tmp_path):
        path = tmp_path / "other.txt"
        path.write_text("a|b|\n1|2|\n", encoding="utf-8")

        with pytest.raises(CommandError, match="Code profession"):
            call_command("directory_import", str(path))
