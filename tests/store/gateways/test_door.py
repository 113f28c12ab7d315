"""The door judges twice: what a name means, and what is dialled (STO-110, STO-111)."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from apps.store.gateways.web.base import RefusedUrlError, UnreachableError
from apps.store.gateways.web.deadlines import Deadline, Limits
from apps.store.gateways.web.door import DirectConnector, Door
from tests.store.gateways.hostile import RESOLVED
from tests.store.gateways.places import saying, serving

HOST, PUBLIC = "exemple-sante.fr", "93.184.215.14"


@pytest.fixture
def door(net) -> Door:
    return Door(resolver=net, connector=net, limits=Limits(connect=1, total=1))


@pytest.fixture
def deadline() -> Deadline:
    return Deadline(seconds=5)


@pytest.mark.parametrize("addresses", RESOLVED.values(), ids=RESOLVED)
class TestInside:
    def test_s30_a_name_that_leads_inside_has_no_addresses(self, net, door, deadline, addresses):
        net.names[HOST] = addresses

        with pytest.raises(RefusedUrlError, match="not-public"):
            door.addresses(HOST, deadline=deadline)

    def test_s30_an_inner_address_is_not_dialled_whoever_found_it(self, net, door, deadline, addresses):
        with pytest.raises(RefusedUrlError, match="not-public"):
            door.reach([ip_address(text) for text in addresses], 443, deadline=deadline)
        assert net.dialled == []


class TestDialling:
    def test_sto_110_the_address_and_not_the_name(self, net, door, deadline):
        place = net.site(HOST, saying(b"oui"), port=80)

        with door.open(HOST, 80, deadline=deadline) as opened:
            assert opened.getpeername() == ("127.0.0.1", place.port)
        assert (net.asked, net.dialled) == ([HOST], [(PUBLIC, 80)])

    def test_without_addresses_there_is_nothing_to_dial(self, net, door, deadline):
        with pytest.raises(RefusedUrlError, match="unresolved"):
            door.reach([], 443, deadline=deadline)

    def test_no_time_left(self, net, door):
        with pytest.raises(UnreachableError, match="timeout"):
            door.reach([ip_address(PUBLIC)], 443, deadline=Deadline(seconds=0))
        assert net.dialled == []

    def test_a_silent_address_is_told_from_a_closed_one(self, net, door, deadline, monkeypatch):
        def silent(address, port, *, seconds):
            raise TimeoutError

        with pytest.raises(UnreachableError, match="refused"):
            door.reach([ip_address(PUBLIC)], 443, deadline=deadline)
        monkeypatch.setattr(net, "connect", silent)
        with pytest.raises(UnreachableError, match="timeout"):
            door.reach([ip_address(PUBLIC)], 443, deadline=deadline)

    def test_sto_110_the_direct_connector_asks_no_name_server(self, monkeypatch):
        monkeypatch.setattr(socket, "getaddrinfo", None)
        with (
            serving(saying(b"")) as place,
            DirectConnector().connect(ip_address("127.0.0.1"), place.port, seconds=1) as opened,
        ):
            assert opened.gettimeout() == 1
