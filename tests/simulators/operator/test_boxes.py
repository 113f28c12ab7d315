"""Mail that comes to the operator, over real sockets and TLS: the boxes, their refusals, what comes back."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable

import pytest

from simulators.certificates import PORTAL, make_certificates
from simulators.mssante_operator import smtp
from simulators.mssante_operator.boxes import Boxes, Manner
from simulators.mssante_operator.door import Door
from simulators.mssante_operator.memory import Memory, Received
from simulators.mssante_operator.tls import as_client, as_server
from tests.simulators.operator.world import ADDRESS, Taken, door, operator, parsed
from tests.simulators.process import free_port

MAIL = (
    f"From: {ADDRESS}\r\nTo: anne.lefort@pro.mssante.example\r\nSubject: Ma tension\r\n"
    "Message-ID: <one@patient.mssante.example>\r\n\r\n.13/8 ce matin.\r\n"
).encode()
LEFORT = "anne.lefort@pro.mssante.example"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


class World:
    """A running operator's door, and the portal as its client."""

    def __init__(self, certificates) -> None:
        self.certificates = certificates
        self.port = free_port()
        self.boxes = Boxes("pro.mssante.example")
        self.memory = Memory()
        self.back: list[Received] = []
        post = smtp.Post(self.boxes, self.memory, self.back.append)
        self.server = smtp.server(self.port, post, as_server(certificates.folder))

    def client_context(self, *, shows_certificate: bool = True) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.certificates.authority)
        if shows_certificate:
            pair = self.certificates.of(PORTAL)
            context.load_cert_chain(pair.certificate, pair.key)
        return context

    def client(self) -> smtplib.SMTP:
        client = smtplib.SMTP("localhost", self.port, timeout=5)
        client.starttls(context=self.client_context())
        return client

    def send(self, to: str = LEFORT) -> None:
        with self.client() as client:
            client.sendmail(ADDRESS, [to], MAIL)

    def behave(self, manner: Manner) -> None:
        self.boxes.behave(next(box for box in self.boxes if box.key == "lefort"), manner)


@pytest.fixture
def world(certificates):
    made = World(certificates)
    made.server.start()
    yield made
    made.server.stop()


def wait_for(found: Callable[[], object]) -> None:
    for _ in range(100):
        if found():
            return
        time.sleep(0.02)
    raise AssertionError(found)


def test_a_mail_arrives_in_its_box_byte_for_byte(world):
    world.send("Anne.LEFORT@pro.mssante.example")

    (mail,) = world.memory.received("lefort")
    assert (mail.sender, mail.recipient, mail.source) == (ADDRESS, LEFORT, MAIL)
    assert parsed(mail.source)["Subject"] == "Ma tension"
    assert world.memory.received("benali") == []


def test_mss_04_nothing_is_taken_before_tls_nor_without_a_certificate(world):
    with smtplib.SMTP("localhost", world.port, timeout=5) as client:
        client.ehlo()
        assert client.mail(ADDRESS)[0] == 530
    with pytest.raises((ssl.SSLError, smtplib.SMTPException, OSError)):
        stranger(world)
    assert world.memory.received() == []


def stranger(world):
    with smtplib.SMTP("localhost", world.port, timeout=5) as client:
        client.starttls(context=world.client_context(shows_certificate=False))
        client.sendmail(ADDRESS, [LEFORT], MAIL)


@pytest.mark.parametrize(
    ("manner", "code", "words"),
    [
        (Manner.UNKNOWN, 550, b"5.1.1 no such mailbox"),
        (Manner.LATER, 451, b"4.3.0 mailbox temporarily unavailable"),
        (Manner.FULL, 552, b"5.2.2 mailbox full"),
    ],
)
def test_each_refusal(world, manner, code, words):
    world.behave(manner)

    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        world.send()

    assert refused.value.recipients == {LEFORT: (code, words)}
    assert world.memory.received() == []


def test_a_box_that_nobody_has(world):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        world.send("nobody@pro.mssante.example")

    assert refused.value.recipients["nobody@pro.mssante.example"][0] == 550


@pytest.mark.parametrize(("manner", "kept"), [(Manner.DROPS_BEFORE, 0), (Manner.DROPS_AFTER, 1)])
def test_a_connection_that_is_lost_before_or_after(world, manner, kept):
    world.behave(manner)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        world.send()

    assert len(world.memory.received()) == kept


def test_what_comes_back_is_taken_first(world):
    world.behave(Manner.COMES_BACK)

    world.send()

    assert [mail.recipient for mail in world.back] == [LEFORT]
    assert len(world.memory.received()) == 1


def test_mss_65_the_notice_reaches_the_sender_from_nobody(certificates):
    taken = Taken()
    with door(taken) as port:
        running = operator(port)
        mail = running.memory.receive(box="lefort", sender=ADDRESS, recipient=LEFORT, source=MAIL)
        running.come_back(mail)
        wait_for(lambda: taken.mails)

    ((sender, recipients, source),) = taken.mails
    assert (sender, recipients) == ("<>", [ADDRESS])
    notice = parsed(source)
    assert (notice.get_content_type(), notice["Auto-Submitted"]) == ("multipart/report", "auto-replied")
    assert b"Status: 5.2.1" in source
    assert b"Message-ID: <one@patient.mssante.example>" in source
    assert b"tension" not in source


def test_mss_63_a_receipt_from_nobody_is_kept_as_such(world):
    with world.client() as client:
        client.sendmail("", [LEFORT], MAIL)

    assert [mail.sender for mail in world.memory.received()] == [""]


def test_mss_63_nothing_comes_back_for_a_mail_from_nobody():
    taken = Taken()
    with door(taken) as port:
        running = operator(port)
        running.come_back(running.memory.receive(box="lefort", sender="", recipient=LEFORT, source=MAIL))

    assert taken.mails == []


def test_mss_04_the_operator_shows_its_certificate_at_the_door(certificates):
    taken = Taken()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates.authority)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_cert_chain(certificates.of(PORTAL).certificate, certificates.of(PORTAL).key)

    with door(taken, tls=server) as port:
        steps = smtp_door(port, as_client(certificates.folder))

    assert [(step.command, step.code) for step in steps] == [
        ("EHLO", 250), ("STARTTLS", 220), ("EHLO", 250), ("MAIL", 250), ("RCPT", 250), ("DATA", 250),
    ]  # fmt: skip


def smtp_door(port, context):
    from_box = Door(port, context)
    return from_box.deliver(sender=LEFORT, recipients=[ADDRESS], source=MAIL)
