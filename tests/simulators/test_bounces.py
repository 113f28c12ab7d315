"""Mails to `@rebond.example` come back into a Maildir as a relay would send them; all others stay."""

from __future__ import annotations

import smtplib
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Thread

import pytest

from simulators.mailbox import bounces
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll


@pytest.fixture
def port(tmp_path):
    with CatchAll(0, Letters(), tmp_path / "bounces") as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def send(port, *recipients):
    message = EmailMessage()
    message["From"], message["To"] = "ne-pas-repondre@localhost", ", ".join(recipients)
    message["Subject"], message["Message-ID"] = "Votre espace santé", "<abc@localhost>"
    message.set_content("Bonjour")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.send_message(message)


def test_a_report_for_each_recipient_that_bounces(port, tmp_path):
    send(port, "jean@rebond.example", "marie@REBOND.example", "alice@example.fr")

    reports = sorted((tmp_path / "bounces" / "new").iterdir())
    assert len(reports) == 2
    made = BytesParser(policy=policy.default).parsebytes(reports[0].read_bytes())
    kinds = [part.get_content_type() for part in made.walk()]
    assert made.get_content_type() == "multipart/report"
    assert kinds[:3] == ["multipart/report", "text/plain", "message/delivery-status"]
    text = reports[0].read_text()
    assert "Final-Recipient: rfc822; jean@rebond.example" in text
    assert "Action: failed" in text
    assert "Message-ID: <abc@localhost>" in text
    assert "Bonjour" not in text


def test_nothing_comes_back_from_elsewhere(port, tmp_path):
    send(port, "alice@example.fr", "rebond.example@example.fr")

    assert not (tmp_path / "bounces").exists()


def test_the_folder_is_that_of_the_portal(monkeypatch):
    monkeypatch.delenv("ENS_BOUNCES_DIR", raising=False)
    monkeypatch.setenv("ENS_STATE_DIR", "/srv/state")
    assert str(bounces.folder()) == "/srv/state/bounces"

    monkeypatch.setenv("ENS_BOUNCES_DIR", "/var/mail/retours")
    assert str(bounces.folder()) == "/var/mail/retours"
