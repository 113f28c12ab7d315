"""The portal hands its mails to the operator: both real, over TLS with certificates of both sides (MSS-04, REL-08)."""

from __future__ import annotations

import pytest

from apps.mss.gateways.base import (
    HandoverUncertainError,
    MailRefusedError,
    Outbound,
    RelayUnavailableError,
    Trouble,
    make_relay,
)
from simulators.certificates import PORTAL, make_certificates
from simulators.mssante_operator import smtp
from simulators.mssante_operator.boxes import Boxes, Manner
from simulators.mssante_operator.memory import Memory
from simulators.mssante_operator.tls import as_server
from tests.simulators.operator.world import ADDRESS
from tests.simulators.process import free_port

LEFORT = "anne.lefort@pro.mssante.example"
MAIL = Outbound(
    sender=ADDRESS,
    address=LEFORT,
    data=b"Subject: Ma tension\r\nMessage-ID: <one@patient.mssante.example>\r\n\r\n.13/8 ce matin.\r\n",
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def boxes():
    return Boxes("pro.mssante.example")


@pytest.fixture
def memory(settings, certificates, boxes):
    """What the operator has got; it runs, and the portal knows where."""
    port, kept, pair = free_port(), Memory(), certificates.of(PORTAL)
    settings.MSS_RELAY_HOST, settings.MSS_RELAY_PORT, settings.MSS_RELAY_TLS = "localhost", port, "starttls"
    settings.MSS_RELAY_CA = str(certificates.authority)
    settings.MSS_RELAY_CERTIFICATE, settings.MSS_RELAY_KEY = str(pair.certificate), str(pair.key)
    running = smtp.server(port, smtp.Post(boxes, kept, lambda _mail: None), as_server(certificates.folder))
    running.start()
    yield kept
    running.stop()


def hand_over(mail=MAIL):
    with make_relay() as relay:
        relay.hand_over(mail)


def behave(boxes, manner):
    boxes.behave(boxes.at(LEFORT), manner)


def test_mss_04_a_mail_arrives_as_it_left(memory):
    hand_over()

    (mail,) = memory.received()
    assert (mail.box, mail.sender, mail.source) == ("lefort", ADDRESS, MAIL.data)


def test_mss_63_a_receipt_comes_from_nobody(memory):
    hand_over(Outbound(sender="", address=LEFORT, data=MAIL.data))

    assert [mail.sender for mail in memory.received()] == [""]


def test_two_mails_by_one_connection(memory):
    with make_relay() as relay:
        relay.hand_over(MAIL)
        relay.hand_over(Outbound(sender=ADDRESS, address="karim.benali@pro.mssante.example", data=MAIL.data))

    assert [mail.box for mail in memory.received()] == ["benali", "lefort"]


@pytest.mark.parametrize(
    ("manner", "code", "status", "permanent"),
    [
        (Manner.UNKNOWN, 550, "5.1.1", True),
        (Manner.LATER, 451, "4.3.0", False),
        (Manner.FULL, 552, "5.2.2", True),
    ],
)
def test_mss_65_refusals_are_told_apart(memory, boxes, manner, code, status, permanent):
    behave(boxes, manner)

    with pytest.raises(MailRefusedError) as refused:
        hand_over()

    assert (refused.value.code, refused.value.status, refused.value.permanent) == (code, status, permanent)
    assert memory.received() == []


@pytest.mark.parametrize(("manner", "kept"), [(Manner.DROPS_BEFORE, 0), (Manner.DROPS_AFTER, 1)])
def test_rel_08_a_silence_after_the_mail_is_an_uncertainty(memory, boxes, manner, kept):
    behave(boxes, manner)

    with pytest.raises(HandoverUncertainError):
        hand_over()

    assert len(memory.received()) == kept


def test_mss_04_without_our_certificate_nothing_leaves(memory, settings):
    settings.MSS_RELAY_CERTIFICATE = ""

    with pytest.raises(RelayUnavailableError):
        hand_over()

    assert memory.received() == []


def test_mss_04_an_operator_of_another_authority_is_not_believed(memory, settings, tmp_path):
    settings.MSS_RELAY_CA = str(make_certificates(tmp_path).authority)

    with pytest.raises(RelayUnavailableError) as away:
        hand_over()

    assert away.value.trouble is Trouble.NO_TRUST
