"""Conversations with the open door over real sockets (MSS-02 to MSS-04, REL-02, S18, S19)."""

from __future__ import annotations

import smtplib
import socket
import ssl

import pytest
from django.db import connection

from apps.accounts.ins import control_key
from apps.directory import trust
from apps.mss.jobs.filing import file_arrivals
from apps.mss.models import Arrival, Message
from apps.mss.sealing import unseal
from simulators.certificates import make_certificates
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter
from tests.mss.door.opened import SENDER, codes, nameless, opened

UNKNOWN = f"2840644999777{control_key('2840644999777')}@patient.mssante.example"
NOT_LET_IN = (ssl.SSLError, smtplib.SMTPServerDisconnected, ConnectionError)


@pytest.fixture
def space(transactional_db):
    return factories.space()


@pytest.fixture
def to(space):
    number = space.identity.ins_number
    return f"{number}{control_key(number)}@patient.mssante.example"


@pytest.fixture
def small_door(settings, transactional_db, listed, papers):
    """It takes 100,000 bytes."""
    settings.MSS_MAX_MESSAGE_BYTES = 100_000
    with opened(papers) as door:
        yield door


def kept() -> list[bytes]:
    rows = Arrival.objects.order_by("received_at", "id")
    return [unseal(bytes(row.sealed), row_id=row.id) for row in rows]


def test_a_message_is_kept_byte_for_byte_before_250(door, space, to):
    data = letter(sender=SENDER, text="Bonjour.\r\n.\u00e9t\u00e9 sous un point\r\n..\r\nfin")
    with door.knock() as client:
        refused = client.sendmail(SENDER, [to], data)

    assert refused == {}
    assert kept() == [data]
    arrival = Arrival.objects.get()
    assert (arrival.sender, arrival.size, arrival.state) == (SENDER, len(data), "received")
    assert arrival.peer == "CN=pro.mssante.example,O=Opérateur simulé,C=FR"
    assert list(arrival.addresses.values_list("space_id", flat=True)) == [space.id]


def test_s19_delivered_twice_both_are_250_and_the_holder_has_one_message(door, space, to):
    with door.knock() as client:
        for trace in (b"", b"Received: from relay\r\n"):
            assert client.sendmail(SENDER, [to], trace + letter(sender=SENDER)) == {}
    file_arrivals(at=NOON.replace(year=2027))

    assert Message.objects.filter(space_id=space.id).count() == 1


def test_mss_04_nothing_is_said_before_starttls_and_nothing_without_a_certificate(door, to):
    with door.knock(encrypted=False) as client:
        assert codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>", "DATA", "VRFY x") == ["530 Must"] * 4
    with pytest.raises(NOT_LET_IN), door.knock(member=None) as client:
        client.noop()

    assert kept() == []


def test_mss_04_the_certificate_of_another_authority_is_refused(door, to, tmp_path):
    stranger = make_certificates(tmp_path)
    context = ssl.create_default_context(cafile=str(door.papers.authority))
    context.load_cert_chain(stranger.of("operator").certificate, stranger.of("operator").key)
    with pytest.raises(NOT_LET_IN), smtplib.SMTP("localhost", door.port, timeout=20) as client:
        client.starttls(context=context)
        client.ehlo()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mss_04_older_protocols_do_not_get_in(door, version):
    context = ssl.create_default_context(cafile=str(door.papers.authority))
    context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    with smtplib.SMTP("localhost", door.port, timeout=20) as client, pytest.raises((ssl.SSLError, OSError)):
        client.starttls(context=context)


def test_mss_02_the_sender_s_domain_and_the_operator_have_to_be_listed_together(door):
    with door.knock() as client:
        strangers = [f"MAIL FROM:<a@{domain}>" for domain in ("ailleurs.example", "patient.mssante.example")]
        assert codes(client, *strangers) == ["550 5.7.1"] * 2
    with door.knock(member="portal") as client:
        assert codes(client, f"MAIL FROM:<{SENDER}>", "MAIL FROM:<>") == ["550 5.7.1"] * 2


def test_mss_02_the_author_counts_not_only_the_envelope(door, to):
    with door.knock() as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(SENDER, [to], letter(sender="dr@ailleurs.example"))

    assert (refused.value.smtp_code, kept()) == (550, [])


def test_mss_03_without_a_valid_list_senders_are_asked_to_come_again(door, to, time_machine):
    time_machine.move_to(NOON.replace(year=2050))
    trust.forget()
    with door.knock() as client:
        assert codes(client, f"MAIL FROM:<{SENDER}>") == ["451 4.7.1"]


def test_a_report_comes_with_the_null_sender(door, to):
    with door.knock() as client:
        assert codes(client, "MAIL FROM:<>", f"RCPT TO:<{to}>") == ["250 2.1.0", "250 2.1.5"]
        client.data(letter(sender=f"mailer-daemon@{SENDER.partition('@')[2]}"))

    assert Arrival.objects.get().sender == ""


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("beyond", "taken"), [(0, True), (1, False)])
def test_s18_one_byte_more_than_the_largest_message_is_552_once_and_nothing_is_kept(
    small_door, to, announced, beyond, taken
):
    head = letter(sender=SENDER, text="")
    data = head + b"x" * (100_000 - len(head) + beyond - 2) + b"\r\n"
    with small_door.knock() as client:
        options = f" SIZE={len(data)}" if announced else ""
        first = codes(client, f"MAIL FROM:<{SENDER}>{options}")
        if first == ["250 2.1.0"]:
            client.docmd(f"RCPT TO:<{to}>")
            code, words = client.data(data)
            first = [f"{code} {words.decode().split(' ')[0]}"]
        codes_now = codes(client, "NOOP")

    assert first == ["250 2.0.0" if taken else "552 5.3.4"]
    assert [len(each) for each in kept()] == ([100_000] if taken else [])
    assert codes_now == ["250 OK"]


def test_a_message_in_small_pieces_and_the_next_command_behind_its_dot(door, to):
    data = letter(sender=SENDER)
    with door.knock() as client:
        codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>")
        client.docmd("DATA")
        for byte in data + b".\r":
            client.sock.sendall(bytes([byte]))
        client.sock.sendall(b"\nNOOP\r\nQUIT\r\n")
        answers = [client.getreply()[0] for _ in range(3)]

    assert answers == [250, 250, 221]
    assert kept() == [data]


@pytest.mark.parametrize("dot", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"])
def test_what_others_take_for_an_end_stays_inside_the_message(door, to, dot):
    data = letter(sender=SENDER, text="avant") + b"x" + dot + b"MAIL FROM:<a@b.example>\r\nfin\r\n"
    with door.knock() as client:
        codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>")
        client.docmd("DATA")
        client.sock.sendall(data + b".\r\n")
        assert client.getreply()[0] == 250

    assert len(kept()) == 1
    assert b"MAIL FROM:<a@b.example>" in kept()[0]


def test_an_address_outside_ascii_is_taken_with_smtputf8(door, to):
    with door.knock() as client:
        assert client.has_extn("smtputf8")
        assert codes(client, f"MAIL FROM:<{SENDER}> SMTPUTF8 BODY=8BITMIME") == ["250 2.1.0"]
        assert codes(client, "VRFY quelqu-un", "EXPN liste") == ["252 2.1.5", "502 EXPN"]


def test_several_holders_of_one_message_and_one_unknown_address(door, to, space):
    other = factories.space()
    number = other.identity.ins_number
    second = f"{number}{control_key(number)}@patient.mssante.example"
    with door.knock() as client:
        refused = client.sendmail(SENDER, [to, UNKNOWN, second, to], letter(sender=SENDER))

    assert {address: code for address, (code, _) in refused.items()} == {UNKNOWN: 550}
    assert set(Arrival.objects.get().addresses.values_list("space_id", flat=True)) == {space.id, other.id}


def test_who_tries_addresses_is_shown_the_door(settings, transactional_db, listed, papers):
    settings.MSS_DOOR_REFUSALS = 3
    with opened(papers) as door, door.knock() as client:
        answers = codes(client, f"MAIL FROM:<{SENDER}>", *[f"RCPT TO:<{UNKNOWN}>"] * 4)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()

    assert answers == ["250 2.1.0", "550 5.1.1", "550 5.1.1", "550 5.1.1", "421 4.7.0"]


def test_too_many_connections_of_one_address_are_told_to_wait(settings, transactional_db, listed, papers):
    settings.MSS_DOOR_CONNECTIONS_AN_ADDRESS = 2
    with opened(papers) as door:
        place = ("127.0.0.1", door.port)
        with door.knock(encrypted=False), door.knock(encrypted=False), socket.create_connection(place) as third:
            assert third.recv(100).startswith(b"421 4.3.2 ")
            assert third.recv(100) == b""
        with door.knock(encrypted=False) as client:
            assert client.noop()[0] == 250


def test_rel_02_with_the_database_away_nothing_is_promised(door, to):
    with door.knock() as client:
        assert codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>") == ["250 2.1.0", "250 2.1.5"]
        rename("mss_arrival", "mss_arrival_gone")
        try:
            answer = client.data(letter(sender=SENDER))[0]
        finally:
            rename("mss_arrival_gone", "mss_arrival")

    assert (answer, kept()) == (451, [])


def rename(table: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {other}")


def test_lmtp_answers_once_for_each_recipient(transactional_db, listed, papers, to):
    number = factories.space().identity.ins_number
    second = f"{number}{control_key(number)}@patient.mssante.example"
    with opened(papers, lmtp=True) as door, smtplib.LMTP("localhost", door.port, timeout=20) as client:
        client.ehlo_or_helo_if_needed()
        codes(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>", f"RCPT TO:<{second}>")
        client.docmd("DATA")
        client.sock.sendall(letter(sender=SENDER) + b".\r\n")
        answers = [client.getreply()[0] for _ in range(2)]

    assert answers == [250, 250]
    assert len(kept()) == 1


def test_mss_02_a_certificate_that_names_nobody_is_no_operator_s(settings, transactional_db, listed, papers, tmp_path):
    nobody = nameless(tmp_path)
    settings.MSS_DOOR_CA = str(nobody.authority)
    settings.MSS_DOOR_CERTIFICATE = str(nobody.of("operator").certificate)
    settings.MSS_DOOR_KEY = str(nobody.of("operator").key)
    with opened(nobody) as door, door.knock() as client:
        assert codes(client, f"MAIL FROM:<{SENDER}>", "MAIL FROM:<>") == ["550 5.7.1"] * 2


def test_what_is_only_put_off_does_not_count_as_trying_addresses(settings, small_door, space, to):
    settings.MSS_BOX_BYTES = 0
    with small_door.knock() as client:
        answers = codes(client, f"MAIL FROM:<{SENDER}>", *[f"RCPT TO:<{to}>"] * 60)

    assert set(answers[1:]) == {"452 4.2.2"}
