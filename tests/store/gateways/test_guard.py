from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import httpcore
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.store.gateways.web.base import RefusedUrlError
from apps.store.gateways.web.guard import is_public, judge_addresses, judge_url
from tests.store.gateways.hostile import RESOLVED, WRITTEN

PUBLIC = ["93.184.215.14", "192.31.196.10", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a01:e0a::1"]


class TestS30:
    def test_s30_there_are_more_than_sixty(self):
        assert len({url for url, _ in WRITTEN}) == len(WRITTEN) >= 60

    @pytest.mark.parametrize(("url", "reason"), WRITTEN)
    def test_s30_a_hostile_address_is_refused_with_its_reason(self, url, reason):
        with pytest.raises(RefusedUrlError) as refused:
            judge_url(url)

        assert refused.value.reason == reason

    @pytest.mark.parametrize(("url", "reason"), [case for case in WRITTEN if not case[0].startswith("http:")])
    def test_s30_allowing_http_allows_nothing_else(self, url, reason):
        with pytest.raises(RefusedUrlError) as refused:
            judge_url(url, plain=True)

        assert refused.value.reason == reason

    @pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/"])
    def test_s30_http_to_the_inside_is_refused_as_inside(self, url):
        with pytest.raises(RefusedUrlError, match="not-public"):
            judge_url(url, plain=True)

    @pytest.mark.parametrize("addresses", RESOLVED.values(), ids=RESOLVED)
    def test_s30_one_inner_address_closes_the_name(self, addresses):
        with pytest.raises(RefusedUrlError, match="not-public"):
            judge_addresses(map(ip_address, addresses))

    def test_s30_a_name_without_address_is_refused(self):
        with pytest.raises(RefusedUrlError, match="unresolved"):
            judge_addresses([])


class TestGoodAddresses:
    @pytest.mark.parametrize(
        ("url", "written"),
        [
            ("https://exemple-sante.fr", "https://exemple-sante.fr/"),
            ("https://Exemple-Sante.FR/a?b=c#d", "https://exemple-sante.fr/a?b=c"),
            ("HTTPS://exemple-sante.fr:443/", "https://exemple-sante.fr/"),
            ("https://exemple-sante.fr?x", "https://exemple-sante.fr/?x"),
            ("https://santé.fr/données", "https://xn--sant-epa.fr/donn%C3%A9es"),
            ("https://xn--sant-epa.fr/", "https://xn--sant-epa.fr/"),
            ("https://a.b.c.exemple.fr/{x}|y", "https://a.b.c.exemple.fr/%7Bx%7D%7Cy"),
            ("https://exemple.fr/100%25?q=%26", "https://exemple.fr/100%25?q=%26"),
            ("https://exemple.fr/a@b:c", "https://exemple.fr/a@b:c"),
            ("https://127.0.0.1.exemple.fr/", "https://127.0.0.1.exemple.fr/"),
        ],
    )
    def test_sto_110_one_spelling(self, url, written):
        assert judge_url(url).url == written

    def test_sto_110_a_lookalike_shows_as_what_it_is(self):
        assert judge_url("https://аmeli.fr/").host == "xn--meli-43d.fr"  # the first letter is a Cyrillic one

    def test_sto_110_http_only_for_the_check_of_the_redirect(self):
        target = judge_url("http://exemple.fr:80/", plain=True)

        assert (target.url, target.port, target.is_plain) == ("http://exemple.fr/", 80, True)
        with pytest.raises(RefusedUrlError, match="port"):
            judge_url("http://exemple.fr:443/", plain=True)

    def test_sto_110_port_8443_by_setting(self):
        target = judge_url("https://exemple.fr:8443/x", ports=(443, 8443))

        assert (target.port, target.authority, target.url) == (8443, "exemple.fr:8443", "https://exemple.fr:8443/x")
        assert judge_url("https://exemple.fr/", ports=(443, 8443)).port == 443

    def test_sto_110_two_thousand_characters_are_taken(self):
        url = "https://exemple.fr/".ljust(2000, "a")

        assert judge_url(url).url == url
        with pytest.raises(RefusedUrlError, match="too-long"):
            judge_url(url + "a")


class TestAddresses:
    @pytest.mark.parametrize("text", PUBLIC)
    def test_sto_111_public(self, text):
        assert judge_addresses([ip_address(text)]) == (ip_address(text),)

    def test_sto_111_twice_is_once(self):
        first, second = ip_address(PUBLIC[0]), ip_address(PUBLIC[2])

        assert judge_addresses([first, second, first]) == (first, second)

    def test_sto_111_what_python_calls_global_is_not_enough(self):
        """The traps of Python 3.11 that store.md names."""
        traps = list(map(ip_address, ("64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1")))

        assert [trap.is_global for trap in traps] == [True, True, True]
        assert [is_public(trap) for trap in traps] == [False, False, False]

    @given(st.ip_addresses(v=4))
    def test_sto_111_no_address_of_ipv4_opens_in_the_clothes_of_ipv6(self, inner):
        number = int(inner)
        clothes = [
            IPv6Address(number),
            IPv6Address(0xFFFF << 32 | number),
            IPv6Address(0x64FF9B << 96 | number),
            IPv6Address(0x64FF9B0001 << 80 | number),
            IPv6Address(0x2002 << 112 | number << 80),
            IPv6Address(0x20010000 << 96 | number ^ 0xFFFFFFFF),
        ]

        assert not any(map(is_public, clothes))

    @given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
    def test_sto_111_never_more_than_python_says(self, address):
        kinds = (address.is_private, address.is_loopback, address.is_link_local, address.is_multicast)

        if is_public(address):
            assert address.is_global
            assert not any((*kinds, address.is_reserved, address.is_unspecified))

    @given(
        st.sampled_from(["10.0.0.0", "100.64.0.0", "169.254.0.0", "172.16.0.0", "192.168.0.0"]), st.integers(0, 65535)
    )
    def test_sto_111_private_networks_are_closed(self, network, number):
        assert not is_public(IPv4Address(int(IPv4Address(network)) + number))


@given(st.text(max_size=60))
@example("https://exemple.fr/é?ü#x")
@example("https://a.fr:443@b.fr/")
def test_sec_12_what_is_judged_is_what_is_asked(text):
    """Whatever is written: refused, or one spelling that every reader of addresses takes for the same host."""
    for url in (text, f"https://{text}", f"https://exemple.fr{text}", f"https://exemple.fr/{text}"):
        try:
            target = judge_url(url)
        except RefusedUrlError:
            continue
        assert target.url.isascii()
        assert judge_url(target.url) == target
        assert httpx.URL(target.url).raw_host == target.host.encode()
        assert httpcore.URL(target.url).host == target.host.encode()
