"""What the door bears: slow senders, floods, full memory, commands slipped in before TLS; and what it writes down."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
from select import select

import pytest

from apps.accounts.ins import control_key
from apps.mss.door.memory import Memory, NoRoomError, Share
from apps.mss.models import Arrival
from tests import factories
from tests.mss.arriving import letter
from tests.mss.door.opened import SENDER, client_context, codes, opened

UNKNOWN = f"2840644999777{control_key('2840644999777')}@patient.mssante.example"


@pytest.fixture
def to(transactional_db):
    number = factories.space().identity.ins_number
    return f"{number}{control_key(number)}@patient.mssante.example"


@pytest.fixture
def impatient(settings, transactional_db, listed, papers):
    """A second of silence, a second for a message, room for one message at a time."""
    settings.MSS_DOOR_IDLE_SECONDS = settings.MSS_DOOR_MESSAGE_SECONDS = 1
    settings.MSS_DOOR_MEMORY_BYTES, settings.MSS_MAX_MESSAGE_BYTES = 300_000, 150_000
    with opened(papers) as door:
        yield door


def begun(client: smtplib.SMTP, to: str) -> str:
    """Code and status of the answer to DATA."""
    return codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>", "DATA")[-1]


def test_a_silent_connection_is_closed(impatient):
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as silent:
        assert silent.recv(100).startswith(b"220 ")
        assert silent.recv(100) == b""


def test_a_command_that_never_ends_is_cut_off(impatient):
    """Only a whole command gives a connection more time, not single bytes of one."""
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as slow:
        assert slow.recv(100).startswith(b"220 ")
        assert dripped(slow, b"NOOP " + b"x" * 100) < 60


def test_a_message_in_drops_is_cut_off_in_its_time(impatient, to):
    with impatient.knock() as client:
        assert begun(client, to) == "354 End"
        dripped(client.sock, letter(sender=SENDER))
        assert client.getreply()[0] == 421

    assert not Arrival.objects.exists()


def dripped(slow: socket.socket, data: bytes) -> int:
    """Bytes that went out, twenty a second, before the other side answered or was gone."""
    for number in range(len(data)):
        try:
            slow.sendall(data[number : number + 1])
        except OSError:
            return number
        if select([slow], [], [], 0.05)[0]:
            return number
    return len(data)


def test_who_cannot_be_held_waits_before_354_and_is_then_told_to_come_again(impatient, to):
    with impatient.knock() as first, impatient.knock() as second:
        assert begun(first, to) == "354 End"
        assert begun(second, to) == "452 4.3.1"
        first.sock.sendall(letter(sender=SENDER) + b".\r\n")
        assert first.getreply()[0] == 250
    with impatient.knock() as third:
        assert third.sendmail(SENDER, [to], letter(sender=SENDER, number="m2")) == {}

    assert Arrival.objects.count() == 2


def test_an_operator_that_hangs_up_in_a_message_leaves_nothing_and_gives_its_room_back(impatient, to):
    for _ in range(3):
        client = impatient.knock()
        assert begun(client, to) == "354 End"
        client.sock.sendall(letter(sender=SENDER))
        client.close()
    with impatient.knock() as client:
        assert client.sendmail(SENDER, [to], letter(sender=SENDER)) == {}

    assert Arrival.objects.count() == 1


def test_endless_bytes_are_not_kept_in_memory_and_the_connection_ends(impatient, to):
    with impatient.knock() as client:
        assert begun(client, to) == "354 End"
        with pytest.raises(OSError):  # noqa: PT011  reset, pipe or TLS
            for _ in range(2_000):
                client.sock.sendall(b"x" * 10_000)

    assert not Arrival.objects.exists()


def test_mss_84_a_sender_and_a_domain_have_so_many_messages_an_hour(settings, door, to):
    settings.LIMITS = {**settings.LIMITS, "mss_door_sender": (2, 3600), "mss_door_domain": (3, 3600)}
    others = [f"{name}@{SENDER.partition('@')[2]}" for name in ("un", "deux")]
    with door.knock() as client:
        said = codes(client, *(f"MAIL FROM:<{SENDER}>", "RSET") * 3)
        said += codes(client, *(f"MAIL FROM:<{each}>" for each in others))

    assert [each for each in said if each != "250 OK"] == ["250 2.1.0"] * 2 + ["451 4.7.1", "250 2.1.0", "503 Error:"]


def test_a_command_slipped_in_before_tls_is_not_carried_out(door, to):
    """CVE-2011-0411: what came in clear behind STARTTLS is nobody's command once the connection is encrypted."""
    context = client_context(door.papers)
    with socket.create_connection(("localhost", door.port), timeout=20) as plain:
        heard_until(plain, b"220 ")
        plain.sendall(b"EHLO a.example\r\n")
        heard_until(plain, b"250 ")
        plain.sendall(f"STARTTLS\r\nEHLO a.example\r\nMAIL FROM:<{SENDER}>\r\n".encode())
        heard_until(plain, b"220 ")
        with context.wrap_socket(plain, server_hostname="localhost") as secret:
            secret.sendall(f"RCPT TO:<{to}>\r\n".encode())
            assert secret.recv(1000).startswith(b"503 ")


def heard_until(plain: socket.socket, start: bytes) -> None:
    """Read byte by byte, so that nothing of what follows is taken: up to the end of the line that begins so."""
    line = b""
    while not (line.endswith(b"\r\n") and line.startswith(start)):
        line = (b"" if line.endswith(b"\r\n") else line) + plain.recv(1)


def test_sec_22_no_address_is_written_down_and_a_refusal_is(door, to, caplog):
    caplog.set_level(logging.INFO)
    with door.knock() as client:
        assert client.sendmail(SENDER, [to, UNKNOWN], letter(sender=SENDER)).keys() == {UNKNOWN}

    written = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    assert "NO_BOX" in written
    assert [number for number in (to[:13], UNKNOWN[:13], SENDER) if number in written] == []


def test_memory_is_shared_and_who_waits_gets_what_others_give_back():
    async def story() -> list[int]:
        memory = Memory(2 * Share.STEP)
        first, second = Share(memory, seconds=5), Share(memory, seconds=5)
        await first.grow_to(2 * Share.STEP)
        waiting = asyncio.create_task(second.grow_to(2 * Share.STEP))
        await asyncio.sleep(0)
        held = [memory.held]
        await first.end()
        await waiting
        held.append(memory.held)
        await second.end()
        return [*held, memory.held]

    assert asyncio.run(story()) == [2 * Share.STEP, 2 * Share.STEP, 0]


def test_memory_that_nobody_gives_back_is_an_error_in_time():
    async def story() -> None:
        memory = Memory(Share.STEP)
        await Share(memory, seconds=5).grow_to(1)
        await Share(memory, seconds=0.01).grow_to(1)

    with pytest.raises(NoRoomError):
        asyncio.run(story())
