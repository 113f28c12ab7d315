from __future__ import annotations

import socket
import urllib.request

import httpx
import pytest

from tests.harness.network import NetworkBlockedError

DOCUMENTATION_V4 = ("192.0.2.1", 80)
DOCUMENTATION_V6 = ("2001:db8::1", 80)


def test_other_machines_are_out_of_reach():
    with socket.socket() as plain, pytest.raises(NetworkBlockedError, match=r"192\.0\.2\.1"):
        plain.connect(DOCUMENTATION_V4)
    with socket.socket() as plain, pytest.raises(NetworkBlockedError):
        plain.connect_ex(DOCUMENTATION_V4)
    with socket.socket(socket.AF_INET6) as plain, pytest.raises(NetworkBlockedError):
        plain.connect(DOCUMENTATION_V6)
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(NetworkBlockedError):
        datagram.sendto(b"question", DOCUMENTATION_V4)


def test_names_are_not_looked_up():
    with pytest.raises(NetworkBlockedError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize("ask", [httpx.get, urllib.request.urlopen])
def test_http_libraries_do_not_hide_it(ask):
    with pytest.raises(NetworkBlockedError):
        ask("http://192.0.2.1/")


def test_loopback_and_unix_sockets_are_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        assert caller.getpeername()[0] == "127.0.0.1"
    assert socket.getaddrinfo("localhost", 80)

    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        ours.sendall(b"here")
        assert theirs.recv(4) == b"here"
