"""What of a dossier is looked at."""

from __future__ import annotations

import pytest

from apps.store.checks.web import CHECKS_WEB, targets
from apps.store.gateways.web.base import RefusedUrlError
from tests.store.checks.web.world import subject

WHOLE = subject(
    token="abc",
    CRI_ELI_02={"url": "https://www.carnet.fr/"},
    CRI_LEG_04={"url": "https://www.carnet.fr/mentions"},
    CRI_LEG_05={"url": "https://www.carnet.fr/cgu"},
    CRI_RGP_01={"url": " https://www.carnet.fr/mentions "},
    CRI_RGP_06={"url": "https://www.carnet.fr/"},
    CRI_INT_02={"uris": ["https://app.carnet.fr/retour", "fr.carnet.app:/retour"]},
    CRI_INT_05={"url": "https://fhir.tension.fr/r4"},
    CRI_INT_07={"url": "https://id.carnet.fr"},
    CRI_SEC_01={"hosts": ["www.carnet.fr", "WWW.carnet.fr.", "", "api.carnet.fr"]},
    CRI_SEC_02={"hosts": ["www.carnet.fr"]},
    CRI_SEC_03={"url": "https://www.carnet.fr/"},
    CRI_SEC_04={"host": "carnet.fr"},
    CRI_ACC_01={"url": "https://www.carnet.fr/accessibilite"},
    CRI_ACC_02={"url": "https://www.carnet.fr/"},
    CRI_FIC_04={"web_url": "https://carnet.fr", "play_store_url": "https://play.google.com/store/apps/details?id=fr"},
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("tls", ("www.carnet.fr", "api.carnet.fr")),
        ("https_redirect", ("www.carnet.fr",)),
        ("headers", ("https://www.carnet.fr/",)),
        ("security_txt", ("carnet.fr",)),
        ("trackers", ("https://www.carnet.fr/",)),
        (
            "legal_links",
            ("https://www.carnet.fr/mentions", "https://www.carnet.fr/cgu", "https://www.carnet.fr/accessibilite"),
        ),
        ("accessibility", ("https://www.carnet.fr/accessibilite",)),
        ("axe", ("https://www.carnet.fr/",)),
        ("fhir", ("https://fhir.tension.fr/r4",)),
        ("openid", ("https://id.carnet.fr",)),
        ("ownership", ("carnet.fr", "tension.fr")),
    ],
)
def test_targets_of_a_whole_dossier(code, expected):
    assert CHECKS_WEB[code].targets(WHOLE) == expected


@pytest.mark.parametrize("code", CHECKS_WEB)
@pytest.mark.parametrize("value", [None, "", "  ", 3, [], [None, 3, ""], {"a": 1}])
def test_without_an_answer_there_is_nothing_to_check(code, value):
    fields = {
        criterion: dict.fromkeys(("url", "uris", "host", "hosts", "web_url"), value) for criterion, _ in targets.PLACES
    }

    assert CHECKS_WEB[code].targets(subject()) == ()
    assert CHECKS_WEB[code].targets(subject(**fields)) == ()


def test_one_field_cannot_start_a_thousand_runs():
    many = subject(CRI_SEC_01={"hosts": [f"h{number}.carnet.fr" for number in range(1_000)]})

    assert len(CHECKS_WEB["tls"].targets(many)) == 50


def test_sto_109_no_domain_hides_behind_a_long_list():
    many = subject(
        CRI_INT_02={"uris": [f"https://d{number}.fr/retour" for number in range(60)]},
        CRI_ACC_02={"url": "https://z.fr/"},
    )

    assert CHECKS_WEB["ownership"].targets(many)[-1] == "z.fr"


@pytest.mark.parametrize("host", ["carnet.fr", "xn--caf-dma.fr", "café.fr", "a", "1.2.3.4"])
def test_names_of_hosts_are_left_to_the_guard(host):
    assert targets.plain_host(host) == host


@pytest.mark.parametrize(
    "host", ["", "-a.fr", "a.fr-", "a.fr/", "a.fr?b", "a@b.fr", "a.fr:80", "a f", "a\n.f", "a" * 300]
)
def test_what_would_change_an_address_is_refused(host):
    with pytest.raises(RefusedUrlError):
        targets.plain_host(host)


@pytest.mark.parametrize(("value", "texts"), [(["a", 1, None, "b"], ["a", "b"]), ("a", []), (None, []), ({"a": 1}, [])])
def test_lists_of_forms(value, texts):
    assert targets.list_of(value) == texts
