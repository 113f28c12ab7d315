"""The relay by Django's mail API against a real SMTP server on loopback that fails as told (REL-08)."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from apps.notifications import jobs
from apps.notifications.gateways.base import (
    HandoverUncertainError,
    Letter,
    LetterRefusedError,
    RelayUnavailableError,
)
from apps.notifications.gateways.smtp import SmtpRelay
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests import factories
from tests.harness.clock import NOON
from tests.notifications import factories as rows


@pytest.fixture
def letters(settings):
    """What the server took."""
    kept = Letters()
    with CatchAll(0, kept) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 5
        yield kept
        server.shutdown()


def letter(address="alice@example.org", **values):
    made = {
        "subject": "Nouveau document dans votre espace santé",
        "text": "Un document a été ajouté.\n.\nFin.\n",
        "html": "<p>Un document a été ajouté.</p>",
        "message_id": "<0123456789abcdef@localhost>",
    }
    return Letter(address=address, **{**made, **values})


def test_what_arrives_is_text_first_then_html_of_one_message(letters, settings):
    settings.DEFAULT_FROM_EMAIL = "Mon espace <ne-pas-repondre@portail.example>"

    SmtpRelay().hand_over(letter())

    (received,) = letters.all()
    message = received.message()
    assert (received.sender, received.recipients) == ("ne-pas-repondre@portail.example", ("alice@example.org",))
    assert message["Message-ID"] == "<0123456789abcdef@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert received.subject == "Nouveau document dans votre espace santé"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert received.part("plain") == "Un document a été ajouté.\n.\nFin.\n"
    assert not list(message.iter_attachments())
    assert message["Bcc"] is None
    assert message["Reply-To"] is None


@pytest.mark.parametrize(("name", "code", "permanent"), [("unknown", 550, True), ("later", 451, False)])
def test_an_answer_of_the_relay_is_believed(letters, name, code, permanent):
    with pytest.raises(LetterRefusedError) as refused:
        SmtpRelay().hand_over(letter(f"{name}@example.org"))

    assert (refused.value.code, refused.value.permanent) == (code, permanent)
    assert letters.all() == []


@pytest.mark.parametrize(("name", "taken"), [("drop-before", 0), ("drop-after", 1)])
def test_rel_08_a_connection_that_breaks_in_the_letter_is_uncertain(letters, name, taken):
    with pytest.raises(HandoverUncertainError):
        SmtpRelay().hand_over(letter(f"{name}@example.org"))

    assert len(letters.all()) == taken


def test_nobody_listens(letters, settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]

    with pytest.raises(RelayUnavailableError):
        SmtpRelay().hand_over(letter())


@pytest.mark.parametrize("field", ["subject", "message_id", "address"])
def test_sec_30_a_line_break_in_a_header_is_refused(letters, field):
    with pytest.raises(LetterRefusedError) as refused:
        SmtpRelay().hand_over(letter(**{field: "a@example.org\r\nBcc: b@example.org"}))

    assert refused.value.permanent
    assert letters.all() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "messages"), [("drop-before", 0), ("drop-after", 5)])
def test_rel_08_at_most_one_distinct_message_whatever_the_relay_does(letters, name, messages):
    mail = rows.mail(user=factories.user(email=f"{name}@example.org"))
    at = NOON
    while mail.due_at is not None:
        jobs.deliver(mail_id=mail.pk, relay=SmtpRelay(), at=at)
        mail.refresh_from_db()
        at = mail.due_at or at

    assert mail.state == "uncertain"
    assert len(letters.all()) == messages
    assert {str(one.message()["Message-ID"]) for one in letters.all()} <= {mail.message_id}


@pytest.mark.django_db
def test_the_task_sends_by_the_relay_of_the_settings(letters):
    from apps.notifications import tasks  # noqa: PLC0415  the broker of the run is known by now

    mail = rows.mail(user=factories.user(email="alice@example.org"))

    tasks.deliver(mail_id=str(mail.pk))

    mail.refresh_from_db()
    assert mail.state == "sent"
    assert len(letters.all()) == 1
