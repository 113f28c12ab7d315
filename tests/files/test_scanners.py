"""What every scanner keeps, and what clamd does on a bad day (SEC-11, REL-13)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.files import jobs, services
from apps.files.gateways.base import ScannerAnswerError, ScannerRefusedError, ScannerUnavailableError
from apps.files.gateways.scanner_absent import AbsentScanner
from apps.files.gateways.scanner_clamd import ClamdScanner
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from tests.files.clamd import EICAR, Clamd, nobody_there, running
from tests.harness.clock import NOON


@pytest.fixture
def clamd(settings):
    daemon = Clamd()
    with running(daemon) as address:
        settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS = address, 1
        yield daemon


@pytest.fixture(params=["embedded", "clamd"])
def scanner(request):
    if request.param == "embedded":
        return EmbeddedScanner()
    request.getfixturevalue("clamd")
    return ClamdScanner()


class TestContract:
    @pytest.mark.parametrize("content", [b"", b"harmless", b"x" * 100_000, EICAR[:-1]])
    def test_harmless_bytes_are_clean(self, scanner, content):
        verdict = scanner.scan(content)
        assert (verdict.infected, verdict.finding) == (False, "")
        assert verdict.engine

    @pytest.mark.parametrize("content", [EICAR, b"x" * 5_000 + EICAR + b"y" * 5_000])
    def test_eicar_is_found_and_named(self, scanner, content):
        verdict = scanner.scan(content)
        assert verdict.infected
        assert "eicar" in verdict.finding.lower()

    def test_sec_29_only_the_embedded_one_is_simulated(self):
        assert [one.simulated for one in (EmbeddedScanner, ClamdScanner, AbsentScanner)] == [True, False, False]


class TestClamd:
    def test_it_gets_every_byte_and_says_who_judged(self, clamd):
        content = bytes(range(256)) * 100
        assert ClamdScanner().scan(content).engine == "ClamAV 1.4.6/27800"
        assert clamd.streams == [content]

    def test_by_the_path_of_a_socket_nobody_listens_at(self, settings, tmp_path):
        settings.CLAMD_ADDRESS = str(tmp_path / "clamd.ctl")
        with pytest.raises(ScannerUnavailableError):
            ClamdScanner().scan(b"x")

    def test_rel_13_nobody_there_is_away(self, settings):
        settings.CLAMD_ADDRESS = nobody_there()
        with pytest.raises(ScannerUnavailableError):
            ClamdScanner().scan(b"x")

    @pytest.mark.parametrize("version", [b"", b"\n", b"SSH-2.0-OpenSSH\n", b"\xff\xfe\n", b"UNKNOWN COMMAND\n"])
    def test_rel_13_somebody_else_there_is_away(self, clamd, version):
        clamd.version = version
        with pytest.raises(ScannerUnavailableError):
            ClamdScanner().scan(b"x")
        assert clamd.streams == []

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"\n",
            b"OK\n",
            b"stream: \n",
            b"stream: FOUND\n",
            b"stream: ERROR\n",
            b"stream: Can't allocate memory ERROR\n",
            b"stream: something OK\n",
            b"other: OK\n",
            b"stream: OK stream: OK\n",
            b"\xff\xfe\xfd\n",
            b"\x00" * 5000 + b"\n",
            b"HTTP/1.1 200 OK\r\n\r\n",
        ],
    )
    def test_rel_13_garbage_is_never_clean(self, clamd, answer):
        clamd.answer = answer
        with pytest.raises(ScannerAnswerError):
            ClamdScanner().scan(b"x")

    @pytest.mark.parametrize("mood", ["reset", "early reset", "silent"])
    def test_rel_13_reset_and_silence_are_never_clean(self, clamd, mood):
        clamd.mood = mood
        with pytest.raises(ScannerAnswerError):
            ClamdScanner().scan(b"x" * 1_000_000)

    def test_longer_than_its_limit_is_refused(self, clamd):
        clamd.limit = 100
        with pytest.raises(ScannerRefusedError):
            ClamdScanner().scan(b"x" * 101)

    def test_longer_than_our_limit_is_not_even_sent(self, clamd, settings):
        settings.CLAMD_MAX_BYTES = 100
        with pytest.raises(ScannerRefusedError):
            ClamdScanner().scan(b"x" * 101)
        assert clamd.streams == []

    def test_sec_22_no_content_in_the_text_of_an_error(self, clamd):
        clamd.answer = b"stream: MOREL ALICE 2840644109001 ERROR\n"
        with pytest.raises(ScannerAnswerError) as caught:
            ClamdScanner().scan(b"x")
        assert "MOREL" not in str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "state", "problem"),
    [
        (Clamd(), "clean", ""),
        (Clamd(answer=b"garbage\n"), "waiting", "no-answer"),
        (Clamd(mood="silent"), "waiting", "no-answer"),
        (Clamd(mood="reset"), "waiting", "no-answer"),
        (Clamd(version=b"?\n"), "waiting", "scanner-away"),
        (Clamd(limit=3), "parked", "too-long"),
    ],
)
def test_rel_13_from_the_daemon_to_the_row(settings, day, state, problem):
    content = services.Content(data=b"secret content", media_type="text/plain")
    file = services.store(space_id=uuid4(), content=content, at=NOON)
    with running(day) as settings.CLAMD_ADDRESS:
        settings.CLAMD_SECONDS = 1
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=ClamdScanner(), at=NOON)
    file.refresh_from_db()
    assert (file.state, file.problem) == (state, problem)
