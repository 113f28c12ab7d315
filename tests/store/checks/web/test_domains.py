"""Which domain somebody registered."""

from __future__ import annotations

import pytest

from apps.store.checks.web.domains import host_of, registered_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.compte.service.fr", "service.fr"),
        ("service.fr", "service.fr"),
        ("SERVICE.FR.", "service.fr"),
        ("www.service.co.uk", "service.co.uk"),
        ("chu.asso.fr", "chu.asso.fr"),
        ("moi.github.io", "moi.github.io"),
        ("a.b.inconnu.example", "inconnu.example"),
        ("café.fr", "café.fr"),
        ("github.io", ""),
        ("fr", ""),
        ("co.uk", ""),
        ("localhost", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("[::1]", ""),
        ("..", ""),
        (".example", ""),
        ("", ""),
    ],
)
def test_sto_109_registered_domains(host, domain):
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.service.fr/page?a=1", "www.service.fr"),
        ("www.service.fr", "www.service.fr"),
        ("//www.service.fr/", "www.service.fr"),
        ("https://moi:secret@service.fr:8443/", "service.fr"),
        ("fr.service.app:/retour", ""),
        ("fr.service.app://retour", ""),
        ("mailto:moi@service.fr", ""),
        ("service.fr:8443", "service.fr"),
        ("HTTPS://service.fr", "service.fr"),
        ("https://www.Télésanté.fr/page", "www.xn--tlsant-bvabe.fr"),
        ("télésanté.fr", "xn--tlsant-bvabe.fr"),
        ("xn--tlsant-bvabe.fr", "xn--tlsant-bvabe.fr"),
        ("①②.fr", "①②.fr"),
        ("é_.fr", "é_.fr"),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_hosts_of_addresses(text, host):
    assert host_of(text) == host
