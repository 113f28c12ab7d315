from __future__ import annotations

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.store.gateways.web.base import RefusedUrlError, TlsError, UnreachableError
from apps.store.gateways.web.deadlines import Limits
from apps.store.gateways.web.hellos import OLD_VERSIONS, accepts, hello
from tests.store.gateways.authority import DAY, Authority, speaking
from tests.store.gateways.places import dripping, page, saying

HOST, ADDRESS = "exemple-sante.fr", "93.184.215.14"
TLS = ssl.TLSVersion


class TestVerified:
    def test_sto_89_version_end_and_issuer(self, net, authority):
        place = net.site(HOST, page(), tls=authority.server(HOST, ends_in=45 * DAY))

        shaken = net.web().handshake(HOST)

        assert (shaken.version, shaken.old_versions) == ("TLSv1.3", ())
        assert shaken.ends_at == authority.now + 45 * DAY
        assert shaken.issuer == "Autorité d'essai"
        assert place.names == [HOST]
        assert (net.asked, net.dialled) == ([HOST], [(ADDRESS, 443)] * 3)

    def test_sto_89_tls_1_2_alone(self, net, authority):
        net.site(HOST, page(), tls=speaking(authority.server(HOST), TLS.TLSv1_2, TLS.TLSv1_2))

        shaken = net.web().handshake(HOST)

        assert (shaken.version, shaken.old_versions) == ("TLSv1.2", ())

    @pytest.mark.parametrize(
        ("least", "old"),
        [(TLS.TLSv1, ("TLSv1", "TLSv1.1")), (TLS.TLSv1_1, ("TLSv1.1",)), (TLS.TLSv1_2, ())],
    )
    def test_sto_89_old_versions_that_are_still_on(self, net, authority, least, old):
        net.site(HOST, page(), tls=speaking(authority.server(HOST), least, TLS.TLSv1_3))

        shaken = net.web().handshake(HOST)

        assert (shaken.version, shaken.old_versions) == ("TLSv1.3", old)

    def test_a_name_with_accents(self, net):
        net.site("xn--sant-epa.fr", page())

        assert net.web().handshake("Santé.fr").version == "TLSv1.3"

    def test_port_8443_by_setting(self, net):
        net.site(HOST, page(), port=8443)

        assert net.web(ports=(443, 8443)).handshake(HOST, port=8443).version == "TLSv1.3"


class TestNotVerified:
    def test_sto_89_expired(self, net, authority):
        net.site(HOST, page(), tls=authority.server(HOST, ends_in=-DAY))

        with pytest.raises(TlsError, match="expired"):
            net.web().handshake(HOST)
        assert net.dialled == [(ADDRESS, 443)]

    def test_sto_89_of_another_host(self, net, authority):
        net.site(HOST, page(), tls=authority.server("autre.fr", "*.exemple-sante.fr"))

        with pytest.raises(TlsError, match="wrong-host"):
            net.web().handshake(HOST)

    def test_sto_89_of_an_authority_that_nobody_knows(self, net, tmp_path):
        net.site(HOST, page(), tls=Authority(folder=tmp_path).server(HOST))

        with pytest.raises(TlsError, match="untrusted"):
            net.web().handshake(HOST)

    @pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 bonjour\r\n"])
    def test_sto_89_no_tls_at_all(self, net, answer):
        net.site(HOST, saying(answer), port=80)
        net.places[ADDRESS, 443] = net.places[ADDRESS, 80]

        with pytest.raises(TlsError, match="no-tls"):
            net.web().handshake(HOST)

    @pytest.mark.parametrize("answer", [b"", bytes([21, 3, 3, 0, 2, 2, 80])], ids=["hangs up", "internal error"])
    def test_l22_who_breaks_off_in_the_middle_says_nothing_about_tls(self, net, answer):
        net.site(HOST, saying(answer), port=80)
        net.places[ADDRESS, 443] = net.places[ADDRESS, 80]

        with pytest.raises(UnreachableError, match="broken"):
            net.web().handshake(HOST)
        with pytest.raises(UnreachableError, match="broken"):
            net.web().get(f"https://{HOST}/")

    def test_sto_89_old_versions_alone_are_no_tls(self, net, authority):
        net.site(HOST, page(), tls=speaking(authority.server(HOST), TLS.TLSv1, TLS.TLSv1_1))

        with pytest.raises(TlsError, match="no-tls"):
            net.web().handshake(HOST)

    def test_nobody_listens(self, net):
        net.names[HOST] = [ADDRESS]

        with pytest.raises(UnreachableError, match="refused"):
            net.web().handshake(HOST)

    @pytest.mark.parametrize(
        ("host", "port", "reason"),
        [
            ("127.0.0.1", 443, "not-public"),
            ("[::1]", 443, "not-public"),
            ("93.184.215.14", 443, "host"),
            ("localhost", 443, "host"),
            ("a.fr:22", 443, "host"),
            ("a@b.fr", 443, "host"),
            ("a.fr/", 443, "host"),
            (HOST, 22, "port"),
            (HOST, 25, "port"),
            (HOST, 8443, "port"),
        ],
    )
    def test_sec_12_hosts_are_judged_like_addresses(self, net, host, port, reason):
        with pytest.raises(RefusedUrlError, match=reason):
            net.web().handshake(host, port=port)
        assert (net.asked, net.dialled) == ([], [])


class TestOldHellos:
    def test_a_host_that_keeps_silent_or_talks_nonsense_accepts_nothing(self, net, authority):
        """The first connection is a good one, what comes after is not."""
        good = net.site(HOST, page())
        connect = net.connect

        for bad in (dripping(b"", b""), saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), saying(b"")):
            strange = net.site("autre.fr", bad, address="93.184.215.99", port=80)
            ports = iter([good.port, strange.port, strange.port])

            def changing(address, port, *, seconds, ports=ports):
                net.places[ADDRESS, 443] = next(ports)
                return connect(address, port, seconds=seconds)

            net.connect = changing
            assert net.web(limits=Limits(connect=0.3)).handshake(HOST).old_versions == ()

    @pytest.mark.parametrize("number", OLD_VERSIONS.values())
    def test_a_server_hello_of_the_version_is_a_yes(self, number):
        answer = bytes([22, 3, 1, 0, 50, 2, 0, 0, 46]) + number.to_bytes(2, "big")

        assert accepts(answer, number)
        assert accepts(answer + bytes(39), number)

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            bytes([22, 3, 1, 0, 50, 2, 0, 0, 46, 3]),
            bytes([22, 3, 1, 0, 50, 2, 0, 0, 46, 3, 3]),  # TLS 1.2 instead
            bytes([21, 3, 1, 0, 2, 2, 70, 0, 0, 3, 1]),  # an alert
            bytes([22, 3, 1, 0, 50, 1, 0, 0, 46, 3, 1]),
            b"HTTP/1.1 400 Bad Request",
        ],
    )
    def test_everything_else_is_a_no(self, answer):
        assert not accepts(answer, OLD_VERSIONS["TLSv1"])

    @given(st.binary(max_size=60))
    def test_bytes_of_any_kind_are_read_without_a_fault(self, answer):
        assert accepts(answer, 0x0301) in {True, False}

    def test_a_hello_says_its_own_length(self):
        sent = hello(0x0302, host=HOST)

        assert (sent[0], sent[1:3]) == (22, b"\x03\x01")
        assert int.from_bytes(sent[3:5], "big") == len(sent) - 5
        assert int.from_bytes(sent[6:9], "big") == len(sent) - 9
        assert sent[9:11] == b"\x03\x02"
        assert HOST.encode() in sent
