from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from apps.store.gateways.web.base import UnreachableError
from apps.store.gateways.web.names import DnsResolver

HOST = "exemple-sante.fr"


@pytest.fixture
def resolver(zone) -> DnsResolver:
    return DnsResolver(servers=[f"127.0.0.1:{zone.port}"])


class TestAddresses:
    def test_sto_110_both_kinds_ipv4_first(self, zone, resolver):
        zone.add(HOST, "A", ["93.184.215.14", "93.184.215.15"])
        zone.add(HOST, "AAAA", ["2606:2800:21f::1"])

        found = resolver.addresses(HOST, seconds=5)

        assert set(found[:2]) == {ip_address("93.184.215.14"), ip_address("93.184.215.15")}
        assert found[2:] == (ip_address("2606:2800:21f::1"),)
        assert zone.asked == [(HOST, "A"), (HOST, "AAAA")]

    def test_one_kind_is_enough(self, zone, resolver):
        zone.add(HOST, "AAAA", ["2606:2800:21f::1"])

        assert resolver.addresses(HOST, seconds=5) == (ip_address("2606:2800:21f::1"),)

    def test_a_name_that_does_not_exist_has_none(self, zone, resolver):
        assert resolver.addresses("inconnu.fr", seconds=5) == ()

    def test_no_list_of_domains_is_tried(self, zone, resolver):
        zone.add("interne.hopital.fr", "A", ["93.184.215.14"])

        assert resolver.addresses("interne", seconds=5) == ()
        assert {name for name, _ in zone.asked} == {"interne"}

    def test_no_file_of_hosts_is_read(self, zone, resolver):
        assert resolver.addresses("localhost", seconds=5) == ()

    def test_sto_111_when_one_kind_cannot_be_asked_none_is_believed(self, zone, resolver):
        zone.add(HOST, "A", ["93.184.215.14"])
        zone.broken.add(HOST)

        with pytest.raises(UnreachableError, match="dns"):
            resolver.addresses(HOST, seconds=5)

    def test_nothing_is_remembered(self, zone, resolver):
        zone.add(HOST, "A", ["93.184.215.14"], ["93.184.215.15"])

        first, second = resolver.addresses(HOST, seconds=5), resolver.addresses(HOST, seconds=5)

        assert (first, second) == ((ip_address("93.184.215.14"),), (ip_address("93.184.215.15"),))

    @pytest.mark.parametrize("wire", [b"nonsense", b"\x00" * 12])
    def test_answers_that_are_none_are_not_waited_for_beyond_the_limit(self, zone, resolver, wire, monkeypatch):
        monkeypatch.setattr(zone, "answer", lambda _question: wire)

        with pytest.raises(UnreachableError):
            resolver.addresses(HOST, seconds=1)

    def test_a_server_that_is_silent(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            resolver = DnsResolver(servers=[f"127.0.0.1:{silent.getsockname()[1]}"])

            with pytest.raises(UnreachableError, match="timeout"):
                resolver.addresses(HOST, seconds=0.5)


class TestTexts:
    def test_sto_109_each_record_in_one_piece(self, zone, resolver):
        zone.add(f"_ens-portal.{HOST}", "TXT", ['"ens-portal-verification=" "abc"', '"autre"'])

        assert set(resolver.texts(f"_ens-portal.{HOST}", seconds=5)) == {"ens-portal-verification=abc", "autre"}

    def test_no_text(self, zone, resolver):
        zone.add(HOST, "A", ["93.184.215.14"])

        assert resolver.texts(HOST, seconds=5) == ()
        assert resolver.texts("inconnu.fr", seconds=5) == ()


class TestServers:
    @pytest.mark.parametrize("text", ["9.9.9.9", "9.9.9.9:5353", "[2620:fe::fe]", "[2620:fe::fe]:53"])
    def test_a_server(self, text):
        assert DnsResolver(servers=[text])

    @pytest.mark.parametrize("text", ["resolver.fr", "2620:fe::fe", "https://9.9.9.9", ""])
    def test_no_server(self, text):
        with pytest.raises(ValueError, match="is no server of names"):
            DnsResolver(servers=[text])

    def test_that_of_the_machine_when_none_is_named(self):
        assert DnsResolver()
