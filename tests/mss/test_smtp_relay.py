"""SMTP to a real server on the loopback: who is believed, what an answer and a silence mean (MSS-04, REL-08)."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Thread as Background

import pytest

from apps.mss.gateways import smtp
from apps.mss.gateways.base import (
    HandoverUncertainError,
    MailRefusedError,
    Outbound,
    RelayUnavailableError,
    Trouble,
    make_relay,
)
from apps.mss.gateways.smtp import SmtpRelay
from tests.mss.relays import listening

MAIL = b"From: a@patient.mssante.example\r\nSubject: x\r\n\r\nUne ligne.\r\n.cach\xc3\xa9\r\n..deux\r\n.\r\nfin\r\n"


def mail(name: str = "dr.benali", **values: object) -> Outbound:
    made = {"sender": "279@patient.mssante.example", "address": f"{name}@medecin.example", "data": MAIL}
    return Outbound(**{**made, **values})


@dataclass(frozen=True, kw_only=True)
class Papers:
    """An authority, a certificate of the operator, one of ours, and an authority that nobody knows."""

    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def server(self, *, name: str = "operator", asks: bool = False, versions: tuple[int, int] | None = None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("authority.pem"))
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    for authority in ("authority", "stranger"):
        _certify(folder, authority, f"/CN={authority}")
    _certify(folder, "operator", "/CN=localhost", host="localhost", authority="authority")
    _certify(folder, "elsewhere", "/CN=other.example", host="other.example", authority="authority")
    _certify(folder, "forged", "/CN=localhost", host="localhost", authority="stranger")
    _certify(folder, "portal", "/CN=portal.example", host="portal.example", authority="authority")
    return Papers(folder=folder)


def _certify(folder: Path, name: str, subject: str, *, host: str = "", authority: str = "") -> None:
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    signed = ["-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-addext", "basicConstraints=CA:FALSE"]
    named = ["-addext", f"subjectAltName=DNS:{host}"]
    paths = ["-subj", subject, "-keyout", f"{name}.key", "-out", f"{name}.pem"]
    arguments = [*new, *paths, *((*signed, *named) if authority else ())]
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def trusting(_nobody_yet, settings, papers):
    settings.MSS_RELAY_CA = papers.path("authority.pem")
    settings.MSS_RELAY_CERTIFICATE, settings.MSS_RELAY_KEY = papers.path("portal.pem"), papers.path("portal.key")
    return papers


@pytest.fixture(autouse=True)
def _nobody_yet(settings):
    """Those of the demonstration are made at its start."""
    settings.MSS_RELAY_CA = settings.MSS_RELAY_CERTIFICATE = settings.MSS_RELAY_KEY = ""


class TestTrust:
    @pytest.mark.parametrize("implicit", [False, True])
    def test_mss_04_a_mail_leaves_over_tls(self, settings, trusting, implicit):
        with listening(settings, tls=trusting.server(), implicit=implicit) as operator, SmtpRelay() as relay:
            relay.hand_over(mail())

        (taken,) = operator.mails
        assert taken.content == MAIL
        assert (taken.mail_from, taken.rcpt_tos) == ("279@patient.mssante.example", ["dr.benali@medecin.example"])

    def test_mss_04_our_certificate_is_shown_to_an_operator_that_asks(self, settings, trusting):
        settings.MSS_RELAY_CERTIFICATE = settings.MSS_RELAY_KEY = ""
        with listening(settings, tls=trusting.server(asks=True)) as operator:
            with pytest.raises(RelayUnavailableError), SmtpRelay() as relay:
                relay.hand_over(mail())
            settings.MSS_RELAY_CERTIFICATE = trusting.path("portal.pem")
            settings.MSS_RELAY_KEY = trusting.path("portal.key")
            with SmtpRelay() as relay:
                relay.hand_over(mail())

        assert len(operator.mails) == 1

    @pytest.mark.parametrize("lack", ["CA", "CERTIFICATE", "KEY"])
    def test_mss_04_without_one_of_the_papers_nothing_leaves(self, settings, trusting, lack):
        setattr(settings, f"MSS_RELAY_{lack}", "")
        there = listening(settings, tls=trusting.server())
        with there as operator, pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_TRUST
        assert operator.mails == []

    @pytest.mark.parametrize("name", ["elsewhere", "forged"])
    def test_mss_04_another_name_or_another_authority_gets_nothing(self, settings, trusting, name):
        there = listening(settings, tls=trusting.server(name=name))
        with there as operator, pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_TRUST
        assert operator.mails == []

    def test_mss_04_an_operator_without_tls_gets_nothing(self, settings, trusting):
        with listening(settings) as operator:
            settings.MSS_RELAY_TLS = "starttls"
            with pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
                relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_TLS
        assert operator.mails == []

    @pytest.mark.parametrize("name", ["MSS_RELAY_CA", "MSS_RELAY_CERTIFICATE"])
    def test_a_paper_that_is_missing_is_no_trust(self, settings, trusting, name):
        setattr(settings, name, trusting.path("nowhere.pem"))

        there = listening(settings, tls=trusting.server())
        with there as operator, pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_TRUST
        assert operator.mails == []

    def test_mss_04_tls_is_1_2_at_least(self, trusting):
        context = smtp.tls_context()

        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


class TestAnswers:
    @pytest.fixture
    def operator(self, settings):
        with listening(settings) as operator:
            yield operator

    @pytest.mark.parametrize(
        ("name", "code", "status", "permanent"),
        [("unknown", 550, "5.1.1", True), ("later", 452, "4.2.2", False), ("bad-data", 554, "5.7.0", True)],
    )
    def test_an_answer_is_believed_and_the_next_mail_leaves(self, operator, name, code, status, permanent):
        with SmtpRelay() as relay:
            with pytest.raises(MailRefusedError) as refused:
                relay.hand_over(mail(name))
            relay.hand_over(mail())

        assert (refused.value.code, refused.value.status, refused.value.permanent) == (code, status, permanent)
        assert [taken.rcpt_tos for taken in operator.mails] == [["dr.benali@medecin.example"]]

    def test_sec_22_words_of_the_operator_are_not_kept(self, operator):
        with pytest.raises(MailRefusedError) as refused, SmtpRelay() as relay:
            relay.hand_over(mail("unknown"))

        assert "no such box" not in str(refused.value)

    @pytest.mark.parametrize(("name", "taken"), [("drop-before", 0), ("drop-after", 1)])
    def test_rel_08_a_connection_that_breaks_behind_the_mail_is_uncertain(self, operator, name, taken):
        with SmtpRelay() as relay:
            with pytest.raises(HandoverUncertainError):
                relay.hand_over(mail(name))
            assert len(operator.mails) == taken
            relay.hand_over(mail())

        assert len(operator.mails) == taken + 1

    def test_an_operator_that_closes_refuses_nobody(self, operator):
        with pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail("leaving"))

        assert away.value.trouble is Trouble.CLOSING

    def test_the_null_sender_is_said(self, operator):
        with SmtpRelay() as relay:
            relay.hand_over(mail(sender=""))

        assert [taken.mail_from for taken in operator.mails] == ["<>"]

    def test_many_mails_by_one_connection(self, operator):
        with make_relay() as relay:
            for _ in range(20):
                relay.hand_over(mail())

        assert Counter(bytes(taken.content or b"") for taken in operator.mails) == {MAIL: 20}

    def test_nobody_listens(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.MSS_RELAY_HOST, settings.MSS_RELAY_PORT = "127.0.0.1", server.getsockname()[1]

        with pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_CONNECTION

    def test_no_operator_in_the_settings(self, settings):
        settings.MSS_RELAY_HOST = ""

        with pytest.raises(RelayUnavailableError) as away, SmtpRelay() as relay:
            relay.hand_over(mail())

        assert away.value.trouble is Trouble.NO_RELAY


class TestSilence:
    """A server of a few lines that says what it is told and then nothing."""

    @pytest.mark.parametrize(
        ("said", "error"),
        [
            ([], RelayUnavailableError),
            ([b"220 hello\r\n"], RelayUnavailableError),
            ([b"220 hello\r\n", b"250 x\r\n"], RelayUnavailableError),
            ([b"220 hello\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n"], RelayUnavailableError),
            ([b"220 hello\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n", b"354 go\r\n"], HandoverUncertainError),
            ([b"nonsense\r\n"], RelayUnavailableError),
        ],
    )
    def test_rel_08_an_operator_that_falls_silent(self, settings, monkeypatch, said, error):
        monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.3)
        monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.MSS_RELAY_HOST, settings.MSS_RELAY_PORT = "127.0.0.1", server.getsockname()[1]
            settings.MSS_RELAY_TLS = "none"
            Background(target=_say, args=(server, said), daemon=True).start()
            with pytest.raises(error), SmtpRelay() as relay:
                relay.hand_over(mail())


def _say(server: socket.socket, said: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        for number, line in enumerate(said):
            if number:
                connection.recv(4096)
            connection.sendall(line)
        while connection.recv(4096):
            pass
