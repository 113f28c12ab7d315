"""Every outcome and every reason of the checks that need no web (docs/domain/store_checks_local.md)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.formats.decoding import DecoderLostError
from apps.formats.sandbox import process
from apps.store.checks.local import CHECKS_LOCAL
from apps.store.checks.local.reasons import Reason
from apps.store.checks.registry import CHECKS
from tests.store.checks.local.cases import BEGIN, CASES, END, FILE, table
from tests.store.checks.local.dossiers import end, run
from tests.store.checks.local.scenes import SCENES, TODAY, link, uri

PLAIN = {"redirect_uris": uri, "store_links": link}  # the words of the line are the address itself


@pytest.fixture
def listed(tmp_path, settings):
    """Certificates with 60 and 59 days left, and one that ended yesterday."""
    days = {"HDS-1": 60, "HDS-2": 59, "HDS-3": -1}
    rows = [f"{number};Nuage Exemple;1 2;{TODAY + timedelta(days=left)}" for number, left in days.items()]
    path = tmp_path / "hds.csv"
    path.write_text("\n".join(["number;host;activities;ends_on", *rows]), encoding="utf-8")
    settings.STORE_HDS_LIST = str(path)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.of}")
def test_store_7_a_check_gives_its_written_outcome(case, listed, settings, monkeypatch):
    make = SCENES.get((case.code, case.of))
    dossier = make() if make else PLAIN[case.code](case.of)
    if case.reason == Reason.HDS_LIST_AWAY:
        settings.STORE_HDS_LIST = ""
    if case.reason in {Reason.PDF_TOO_COMPLEX, Reason.IMAGE_TOO_COMPLEX}:
        monkeypatch.setattr(process, "WALL_SECONDS", 0.001)
    if case.reason == Reason.DECODER_LOST:
        monkeypatch.setattr("apps.store.checks.local.pdf.open_file", lost)
    targets = CHECKS[case.code].targets(dossier) or (str(uuid4()),)

    assert end(run(case.code, dossier, targets[-1])) == (case.outcome, case.reason)


def lost(*_args):
    raise DecoderLostError


def test_every_reason_of_every_check_has_a_line():
    assert {case.reason for case in CASES} == {*Reason, ""}
    assert {case.code for case in CASES if case.outcome == "pass"} == {check.code for check in CHECKS_LOCAL}
    assert len({(case.code, case.of) for case in CASES}) == len(CASES)


def test_every_scene_is_looked_at():
    assert set(SCENES) <= {(case.code, case.of) for case in CASES}


def test_the_document_has_the_same_lines():
    """Written anew by `python -m tests.store.checks.local.cases`."""
    text = FILE.read_text(encoding="utf-8")

    assert text.partition(BEGIN)[2].partition(END)[0] == table()
