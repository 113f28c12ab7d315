from __future__ import annotations

import ssl

import pytest

from apps.store.gateways.web.base import RefusedUrlError, TlsError, UnreachableError, make_web
from apps.store.gateways.web.client import GuardedWeb, public_trust
from apps.store.gateways.web.deadlines import Limits
from apps.store.gateways.web.demonstration import DemonstrationWeb
from apps.store.gateways.web.door import DirectConnector
from apps.store.gateways.web.names import DnsResolver
from tests.shared_material import needs_shared, shared
from tests.store.gateways.hostile import RESOLVED, WRITTEN
from tests.store.gateways.places import page, redirect, saying

HOST = "exemple-sante.fr"
FIRST, SECOND = "93.184.215.14", "93.184.215.15"
INSIDE = [
    "https://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/",
    "https://[::ffff:169.254.169.254]/",
    "https://2130706433/",
    "https://exemple-sante.fr:6379/",
    "//127.0.0.1/",
    "//utilisateur@exemple-sante.fr/",
    "file:///etc/passwd",
    "gopher://exemple-sante.fr/",
    "https://exemple-sante.fr\\@127.0.0.1/",
    "https://[",
    "https://exemple-\tsante.fr/",  # readers of addresses leave the tab out
    "/" + "a" * 2000,
]


class TestPage:
    def test_sto_110_one_page(self, net):
        place = net.site(HOST, page("été".encode(), lines=("Set-Cookie: a=1", "set-cookie: b=2", "X-Words: é")))

        got = net.web().get(f"https://{HOST}/accueil?q=1#fin")

        assert (got.status, got.body.decode(), got.is_cut) == (200, "été", False)
        assert (got.url, got.hops) == (f"https://{HOST}/accueil?q=1", (f"https://{HOST}/accueil?q=1",))
        assert got.media_type == "text/html"
        assert (got.headers["set-cookie"], got.headers["x-words"]) == ("a=1, b=2", "é")
        assert (net.asked, net.dialled) == ([HOST], [(FIRST, 443)])
        assert place.names == [HOST]

    def test_sto_110_what_is_sent_is_no_secret(self, net, monkeypatch):
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        place = net.site(HOST, page(lines=("Set-Cookie: suivi=1; Path=/",)))
        web = net.web()

        web.get(f"https://{HOST}/")
        web.get(f"https://{HOST}/")

        lines = place.asked[1].split("\r\n")
        assert lines[0] == "GET / HTTP/1.1"
        assert {line.split(":")[0] for line in lines[1:] if line} == {
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Connection",
        }
        assert f"Host: {HOST}" in lines

    def test_sto_110_a_name_with_accents_is_asked_by_its_ascii_form(self, net):
        place = net.site("xn--sant-epa.fr", page())

        assert net.web().get("https://santé.fr/").status == 200
        assert place.names == ["xn--sant-epa.fr"]
        assert "Host: xn--sant-epa.fr" in place.asked[0]

    def test_sto_110_port_8443_by_setting(self, net, settings):
        place = net.site(HOST, page(), port=8443)
        with pytest.raises(RefusedUrlError, match="port"):
            net.web().get(f"https://{HOST}:8443/")

        settings.STORE_HTTPS_PORTS = (443, 8443)

        assert net.web().get(f"https://{HOST}:8443/").status == 200
        assert f"Host: {HOST}:8443" in place.asked[0]

    def test_http_for_the_check_of_the_redirect_alone(self, net):
        net.site(HOST, redirect(f"https://{HOST}/", status="301 Moved Permanently"), port=80)
        net.site(HOST, page(b"en clair ? non"))

        got = net.web().get(f"http://{HOST}/", plain=True)
        first = net.web().get(f"http://{HOST}/", plain=True, follow=False)

        assert got.hops == (f"http://{HOST}/", f"https://{HOST}/")
        assert (first.status, first.headers["location"], first.body) == (301, f"https://{HOST}/", b"")

    def test_an_error_of_the_site_is_an_answer(self, net):
        net.site(HOST, page(b"rien", status="404 Not Found"))

        assert net.web().get(f"https://{HOST}/rien").status == 404

    def test_the_second_address_is_tried_when_the_first_is_silent(self, net):
        net.site(HOST, page(), address=SECOND)
        net.names[HOST] = [FIRST, SECOND]

        assert net.web().get(f"https://{HOST}/").status == 200
        assert net.dialled == [(FIRST, 443), (SECOND, 443)]

    def test_no_more_than_four_addresses_are_tried(self, net):
        net.names[HOST] = [f"93.184.215.{number}" for number in range(1, 40)]

        with pytest.raises(UnreachableError, match="refused"):
            net.web().get(f"https://{HOST}/")
        assert len(net.dialled) == 4


class TestS30:
    @pytest.mark.parametrize(("url", "reason"), WRITTEN)
    def test_s30_nothing_is_asked_nor_connected(self, net, connections, url, reason):
        for follow in (True, False):
            with pytest.raises(RefusedUrlError) as refused:
                net.web().get(url, follow=follow)
            assert refused.value.reason == reason

        assert (net.asked, net.dialled, connections) == ([], [], [])

    @pytest.mark.parametrize("name", RESOLVED)
    def test_s30_a_real_name_server_that_leads_inside(self, zone, connections, name):
        """The client of production, but for its name server: real resolver, real sockets."""
        host = f"{name}.pirate.fr"
        for kind, mark in (("A", "."), ("AAAA", ":")):
            if answers := [text for text in RESOLVED[name] if (":" in text) == (mark == ":")]:
                zone.add(host, kind, answers)
        web = GuardedWeb(resolver=DnsResolver(servers=[f"127.0.0.1:{zone.port}"]), connector=DirectConnector())

        for ask in (web.get, lambda url: web.get(url.replace("https", "http"), plain=True)):
            with pytest.raises(RefusedUrlError, match="not-public"):
                ask(f"https://{host}/")
        with pytest.raises(RefusedUrlError, match="not-public"):
            web.handshake(host)

        assert connections == []

    def test_s30_a_name_that_does_not_resolve_is_refused(self, net, connections):
        with pytest.raises(RefusedUrlError, match="unresolved"):
            net.web().get("https://inconnu.fr/")
        assert (net.dialled, connections) == ([], [])

    def test_s30_of_a_rebinding_name_only_the_first_answer_is_used(self, net, zone):
        """Public when it is judged, this machine a moment later."""
        zone.add("change.pirate.fr", "A", [FIRST], ["127.0.0.1"])
        net.site("change.pirate.fr", page(b"la bonne machine"))
        resolver = DnsResolver(servers=[f"127.0.0.1:{zone.port}"])
        web = GuardedWeb(resolver=resolver, connector=net, trust=net.authority.trust())

        assert web.get("https://change.pirate.fr/").body == b"la bonne machine"
        assert net.dialled == [(FIRST, 443)]
        assert zone.asked == [("change.pirate.fr", "A"), ("change.pirate.fr", "AAAA")]

        with pytest.raises(RefusedUrlError, match="not-public"):
            web.get("https://change.pirate.fr/")
        assert net.dialled == [(FIRST, 443)]

    def test_s30_a_rebinding_name_does_not_pass_by_a_redirect_to_itself(self, net, zone):
        zone.add("change.pirate.fr", "A", [FIRST], ["169.254.169.254"])
        net.site("change.pirate.fr", redirect("/encore"))
        resolver = DnsResolver(servers=[f"127.0.0.1:{zone.port}"])

        with pytest.raises(RefusedUrlError, match="not-public"):
            GuardedWeb(resolver=resolver, connector=net, trust=net.authority.trust()).get("https://change.pirate.fr/")
        assert net.dialled == [(FIRST, 443)]

    @pytest.mark.parametrize("location", INSIDE)
    def test_s30_a_redirect_inside_is_not_followed(self, net, connections, location):
        place = net.site(HOST, redirect(location))

        with pytest.raises(RefusedUrlError):
            net.web().get(f"https://{HOST}/")

        assert net.dialled == [(FIRST, 443)]
        assert connections == [("127.0.0.1", place.port)]

    def test_s30_a_redirect_to_a_name_that_leads_inside(self, net):
        net.site(HOST, redirect("https://metadonnees.pirate.fr/latest/meta-data/"))
        net.names["metadonnees.pirate.fr"] = ["169.254.169.254"]

        with pytest.raises(RefusedUrlError, match="not-public"):
            net.web().get(f"https://{HOST}/")
        assert net.dialled == [(FIRST, 443)]

    def test_s30_from_http_to_the_inside(self, net):
        net.site(HOST, redirect("http://169.254.169.254/"), port=80)

        with pytest.raises(RefusedUrlError, match="not-public"):
            net.web().get(f"http://{HOST}/", plain=True)

    @needs_shared
    def test_s30_the_list_of_the_case(self, net, connections):
        """Its one good address leads to a server that redirects to the data of the machine."""
        good = net.site("redirige.example.test", redirect("http://169.254.169.254/"))
        lines = shared("cases/store/S30-urls.txt").read_text(encoding="utf-8").splitlines()
        urls = [line.partition("  ")[0].strip() for line in lines if not line.startswith("#")]

        for url in urls:
            for plain in (True, False):
                with pytest.raises(RefusedUrlError):
                    net.web().get(url, plain=plain)

        assert len(urls) == 10
        assert connections == [("127.0.0.1", good.port)] * 2


class TestRedirects:
    def chain(self, net, *, length):
        """`length` redirects, then a page; each at a host of its own."""
        for number in range(length):
            net.site(f"h{number}.fr", redirect(f"https://h{number + 1}.fr/"), address=f"93.184.215.{number + 1}")
        net.site(f"h{length}.fr", page(b"enfin"), address=f"93.184.215.{length + 1}")

    def test_decisions_24_three_are_followed(self, net):
        self.chain(net, length=3)

        got = net.web().get("https://h0.fr/")

        assert (got.body, got.hops) == (b"enfin", tuple(f"https://h{number}.fr/" for number in range(4)))
        assert net.asked == ["h0.fr", "h1.fr", "h2.fr", "h3.fr"]

    def test_decisions_24_the_fourth_is_refused(self, net):
        self.chain(net, length=4)

        with pytest.raises(RefusedUrlError, match="too-many-redirects"):
            net.web().get("https://h0.fr/")
        assert len(net.dialled) == 4

    def test_a_loop_ends(self, net):
        place = net.site(HOST, redirect("/"))

        with pytest.raises(RefusedUrlError, match="too-many-redirects"):
            net.web().get(f"https://{HOST}/")
        assert place.met == 4

    @pytest.mark.parametrize("location", ["/a b", "https://autre.fr/a b", "//[", "/a\\b"])
    def test_an_address_that_browsers_mend_is_not_followed(self, net, location):
        net.site(HOST, redirect(location))

        with pytest.raises(RefusedUrlError, match="bad-redirect"):
            net.web().get(f"https://{HOST}/")
        assert net.dialled == [(FIRST, 443)]

    @pytest.mark.parametrize("plain", [True, False])
    @pytest.mark.parametrize("location", ["http://exemple-sante.fr/", "HTTP://autre.fr/", "http://127.0.0.1/"])
    def test_never_from_https_to_http(self, net, location, plain):
        net.site(HOST, redirect(location))

        with pytest.raises(RefusedUrlError, match="downgrade"):
            net.web().get(f"https://{HOST}/", plain=plain)
        assert net.dialled == [(FIRST, 443)]

    def test_never_back_to_http_after_https(self, net):
        net.site(HOST, redirect(f"https://{HOST}/"), port=80)
        net.site(HOST, redirect(f"http://{HOST}/"))

        with pytest.raises(RefusedUrlError, match="downgrade"):
            net.web().get(f"http://{HOST}/", plain=True)

    @pytest.mark.parametrize(
        ("location", "asked"),
        [("b?c=d#e", "/a/b?c=d"), ("/é", "/%C3%A9"), ("?x", "/a/?x"), ("../z", "/z"), ("//exemple-sante.fr/r", "/r")],
    )
    def test_relative_ones_are_read_as_browsers_do(self, net, location, asked):
        place = net.site(HOST, redirect(location))

        with pytest.raises(RefusedUrlError):
            net.web(limits=Limits(redirects=1)).get(f"https://{HOST}/a/")
        assert place.asked[1].split()[1] == asked

    def test_without_location_there_is_nothing_to_follow(self, net):
        net.site(HOST, page(status="302 Found"))

        assert net.web().get(f"https://{HOST}/").status == 302

    def test_304_and_300_lead_nowhere(self, net):
        net.site(HOST, page(b"", status="300 Multiple Choices", lines=("Location: https://127.0.0.1/",)))

        assert net.web().get(f"https://{HOST}/").status == 300


class TestFaults:
    def test_nobody_listens(self, net):
        net.names[HOST] = [FIRST]

        with pytest.raises(UnreachableError, match="refused"):
            net.web().get(f"https://{HOST}/")

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"bonjour\r\n\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncourt",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffffff\r\nabc",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nabc",
        ],
    )
    def test_an_answer_that_is_none(self, net, answer):
        net.site(HOST, saying(answer))

        with pytest.raises(UnreachableError, match="broken"):
            net.web().get(f"https://{HOST}/")

    def test_http_where_https_is_wanted(self, net):
        net.site(HOST, page(), port=80)
        net.places[FIRST, 443] = net.places[FIRST, 80]

        with pytest.raises(TlsError, match="no-tls"):
            net.web().get(f"https://{HOST}/")

    def test_a_certificate_that_nobody_knows(self, net):
        net.site(HOST, page())

        with pytest.raises(TlsError, match="untrusted"):
            GuardedWeb(resolver=net, connector=net).get(f"https://{HOST}/")


class TestSettings:
    def test_decisions_24_limits(self):
        assert Limits() == Limits(connect=3, total=20, body=2_000_000, unpacked=10_000_000, redirects=3)

    def test_trust_is_that_of_the_public_web(self, monkeypatch, authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
        trust = public_trust()

        assert (trust.verify_mode, trust.check_hostname) == (ssl.CERT_REQUIRED, True)
        assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert len(trust.get_ca_certs()) > 50

    def test_the_settings_name_the_way_out(self, settings):
        assert isinstance(make_web(), DemonstrationWeb)

        settings.GATEWAYS = {**settings.GATEWAYS, "store_web": "apps.store.gateways.web.client.GuardedWeb"}

        assert type(make_web()) is GuardedWeb

    def test_txt_of_names_only(self, net):
        net.names["_ens-portal.exemple-sante.fr"] = ["ens-portal-verification=abc"]

        assert net.web().texts("_ens-portal.Exemple-Sante.fr") == ("ens-portal-verification=abc",)
        assert net.web().texts("_ens-portal.inconnu.fr") == ()
        for name in ("", "fr", "127.0.0.1", "a..fr", "a b.fr", "a.fr.", "é.fr", f"{'a.' * 130}fr", "-a.fr", "a.fr\n"):
            with pytest.raises(RefusedUrlError, match="host"):
                net.web().texts(name)
        assert len(net.asked) == 2
