"""Ports of the demonstration."""

from __future__ import annotations

import socket

import pytest

from ens_portal.supervisor.errors import DemonstrationError
from ens_portal.supervisor.ports import Ports, is_free, ports_of, refuse_taken


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_defaults_are_8000_and_the_next_ones():
    assert ports_of({}) == Ports(
        web=8000, franceconnect=8001, mailbox=8002, mail=8003, operator=8004, operator_mail=8005, door=2525,
        candidate=8007, candidate_clear=8008,
    )  # fmt: skip
    assert list(ports_of({"ENS_HTTP_PORT": "9000"}).by_name().values()) == [*range(9000, 9009)]
    assert list(ports_of({"ENS_FC_PORT": "9100"}).by_name().values()) == [
        8000, 9100, 8002, 8003, 8004, 8005, 2525, 8007, 8008,
    ]  # fmt: skip
    assert ports_of({"ENS_MAIL_PORT": "9100"}).mail == 9100
    assert ports_of({"ENS_SMTP_PORT": "25"}).door == 25
    assert ports_of({"ENS_MAILBOX_PORT": "9100"}).mailbox_address == "http://localhost:9100"
    assert ports_of({"ENS_MSS_OPERATOR_PORT": "9100"}).operator_address == "http://localhost:9100"
    assert ports_of({"ENS_CANDIDATE_HTTP_PORT": "9100"}).candidate_address == "http://localhost:9100"
    assert ports_of({"ENS_HTTP_PORT": "9000"}).address == "http://localhost:9000"


@pytest.mark.parametrize("text", ["", "no", "0", "-1", "65536", "80.5"])
def test_a_value_that_is_no_port_is_named(text):
    with pytest.raises(DemonstrationError, match=f"ENS_HTTP_PORT='{text}' is no port"):
        ports_of({"ENS_HTTP_PORT": text})


def test_both_ports_must_differ():
    with pytest.raises(DemonstrationError, match="ENS_HTTP_PORT and ENS_FC_PORT are both 8000"):
        ports_of({"ENS_FC_PORT": "8000"})
    with pytest.raises(DemonstrationError, match="ENS_FC_PORT and ENS_MAILBOX_PORT are both 8002"):
        ports_of({"ENS_FC_PORT": "8002"})


def test_a_taken_port_is_named_with_the_way_out(taken_port, free_port):
    with pytest.raises(DemonstrationError) as refusal:
        refuse_taken(Ports(web=taken_port, franceconnect=free_port))
    assert str(refusal.value) == (
        f"Port {taken_port} is taken by another program: choose another with ENS_HTTP_PORT, "
        f"e.g. `ENS_HTTP_PORT={taken_port + 80} make run`."
    )
    with pytest.raises(DemonstrationError, match="choose another with ENS_FC_PORT"):
        refuse_taken(Ports(web=free_port, franceconnect=taken_port))


def test_a_server_that_shares_its_address_with_its_workers_is_seen():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not is_free(server.getsockname()[1])


def test_a_port_taken_on_the_other_loopback_address_counts(free_port):
    if not socket.has_ipv6:
        return
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        assert not is_free(server.getsockname()[1])
    assert is_free(free_port)
