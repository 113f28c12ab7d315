"""The internet of a demonstration stands on both sides of the guard, never in its place (decisions 27, STO-113)."""

from __future__ import annotations

import json
from ipaddress import ip_address
from pathlib import Path

import pytest

from apps.common.checks import gateways_are_real
from apps.store.gateways.web.base import RefusedUrlError, TlsError, UnreachableError
from apps.store.gateways.web.demonstration import DemonstrationConnector, DemonstrationWeb, Sites
from tests.store.gateways.places import page, serving

HOST, ADDRESS = "bon.exemple-sante.fr", "192.31.196.10"


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "candidate-site.json"


def write(path: Path, **content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


class TestSites:
    def test_decisions_27_a_site_of_this_machine_behind_the_guard(self, path, authority, connections):
        with serving(page(b"bonjour"), tls=authority.server(HOST)) as place:
            write(
                path,
                authority=str(authority.path),
                names={HOST: [ADDRESS]},
                texts={f"_ens-portal.{HOST}": ["ens-portal-verification=abc"]},
                connections={f"{ADDRESS}:443": ["127.0.0.1", place.port]},
            )
            web = DemonstrationWeb(path=path)

            assert web.get(f"https://{HOST}/").body == b"bonjour"
            assert web.handshake(HOST).version == "TLSv1.3"
            assert web.texts(f"_ens-portal.{HOST}") == ("ens-portal-verification=abc",)
            assert set(connections) == {("127.0.0.1", place.port)}

    def test_the_settings_say_where_it_is_written(self, path, settings):
        settings.STORE_DEMONSTRATION_SITES = str(path)
        write(path, names={HOST: [ADDRESS]}, connections={})

        with pytest.raises(UnreachableError, match="refused"):
            DemonstrationWeb().get(f"https://{HOST}/")

    def test_it_is_read_at_each_use(self, path):
        web = DemonstrationWeb(path=path)
        with pytest.raises(RefusedUrlError, match="unresolved"):
            web.get(f"https://{HOST}/")

        write(path, names={HOST: [ADDRESS]})

        with pytest.raises(UnreachableError, match="refused"):
            web.get(f"https://{HOST}/")

    def test_without_authority_nothing_of_it_is_trusted(self, path, authority):
        with serving(page(), tls=authority.server(HOST)) as place:
            write(path, names={HOST: [ADDRESS]}, connections={f"{ADDRESS}:443": ["127.0.0.1", place.port]})

            with pytest.raises(TlsError, match="untrusted"):
                DemonstrationWeb(path=path).get(f"https://{HOST}/")


class TestGuardHasNoException:
    @pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
    def test_decisions_27_an_inner_address_is_refused_here_too(self, path, connections, inside):
        """Even when the file of the demonstration says where to dial for it."""
        write(path, names={HOST: [inside]}, connections={f"{inside}:443": ["127.0.0.1", 1]})

        with pytest.raises(RefusedUrlError, match="not-public"):
            DemonstrationWeb(path=path).get(f"https://{HOST}/")
        assert connections == []

    @pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost/", "https://192.31.196.10/"])
    def test_decisions_27_nor_in_digits(self, path, url):
        write(path, names={"localhost": [ADDRESS]}, connections={f"{ADDRESS}:443": ["127.0.0.1", 1]})

        with pytest.raises(RefusedUrlError):
            DemonstrationWeb(path=path).get(url)

    @pytest.mark.parametrize("there", [["10.0.0.1", 443], ["93.184.215.14", 443], ["127.0.0.2", 443], ["::1", 443]])
    def test_decisions_27_loopback_is_dialled_and_nothing_else(self, path, connections, there):
        write(path, connections={f"{ADDRESS}:443": there})

        with pytest.raises(ConnectionRefusedError):
            DemonstrationConnector(sites=Sites(path=path)).connect(ip_address(ADDRESS), 443, seconds=1)
        assert connections == []

    def test_decisions_27_for_exactly_these_addresses_and_ports(self, path, connections):
        write(path, connections={f"{ADDRESS}:443": ["127.0.0.1", 1]})
        connector = DemonstrationConnector(sites=Sites(path=path))

        for address, port in ((ADDRESS, 80), ("192.31.196.11", 443), ("127.0.0.1", 1)):
            with pytest.raises(ConnectionRefusedError):
                connector.connect(ip_address(address), port, seconds=1)
        assert connections == []


class TestProduction:
    def test_sec_29_production_refuses_it(self, settings):
        settings.ENS_ENV = "production"
        settings.GATEWAYS = {"store_web": "apps.store.gateways.web.demonstration.DemonstrationWeb"}

        assert [error.id for error in gateways_are_real(app_configs=None)] == ["common.E001"]

    def test_sec_29_production_takes_the_guarded_one(self, settings):
        settings.ENS_ENV = "production"
        settings.GATEWAYS = {"store_web": "apps.store.gateways.web.client.GuardedWeb"}

        assert gateways_are_real(app_configs=None) == []
