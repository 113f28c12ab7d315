"""STO-109."""

from __future__ import annotations

import pytest

from apps.store.checks.base import Tools
from apps.store.checks.web import CHECKS_WEB
from apps.store.gateways.web.base import Reason, RefusedUrlError, TlsError, UnreachableError
from tests.store.checks.web.world import MemoryWeb, page, said, subject

TOKEN = "un-code-de-verification"
PROOF = f"ens-portal-verification={TOKEN}"
TEXT = "_ens-portal.carnet.fr"
DOSSIER = {"CRI_ELI_02": {"url": "https://www.carnet.fr/"}, "CRI_SEC_01": {"hosts": ["api.carnet.fr", "x.tension.fr"]}}


def file_at(host):
    return f"https://{host}/.well-known/ens-portal.txt"


ALL = ("www.carnet.fr", "api.carnet.fr", "carnet.fr")


def absent():
    return {file_at(host): page(file_at(host), status=404) for host in ALL}


def shown_at(*hosts):
    return MemoryWeb(pages=absent() | {file_at(host): page(file_at(host), f"# preuve\n{PROOF}\r\n") for host in hosts})


def look(web, *, token=TOKEN, **answers):
    dossier = subject(token=token, **(answers or DOSSIER))
    return CHECKS_WEB["ownership"].run(target="carnet.fr", subject=dossier, tools=Tools(web=web))


def test_sto_109_a_text_of_the_domain_proves_it_and_nothing_is_asked():
    web = MemoryWeb(names={TEXT: ("v=spf1 -all", f" {PROOF} ")})

    assert (said(look(web)), look(web).measured, web.asked) == (("pass", ""), {"by": "txt"}, [])


def test_sto_109_a_name_with_accents_is_asked_for_as_names_are():
    ascii_name = "xn--tlsant-bvabe.fr"
    dossier = subject(token=TOKEN, CRI_ELI_02={"url": "https://www.télésanté.fr/"}, CRI_SEC_01={"hosts": [ascii_name]})
    web = MemoryWeb(names={f"_ens-portal.{ascii_name}": (PROOF,)})
    check = CHECKS_WEB["ownership"]

    assert check.targets(dossier) == (ascii_name,)
    assert said(check.run(target=ascii_name, subject=dossier, tools=Tools(web=web))) == ("pass", "")


@pytest.mark.parametrize("host", ["carnet.fr", "www.carnet.fr"])
def test_sto_109_a_file_of_the_domain_itself_proves_it(host):
    finding = look(shown_at(host))

    assert (said(finding), finding.measured) == (("pass", ""), {"by": "file", "host": host})


def test_sto_109_whoever_has_a_corner_of_a_domain_does_not_speak_for_it():
    finding = look(shown_at("api.carnet.fr"))

    assert said(finding) == ("fail", "ownership-absent")
    assert finding.measured["hosts"] == ["www.carnet.fr"]


def test_sto_109_files_of_all_named_hosts_prove_it():
    named = {"CRI_SEC_01": {"hosts": ["api.carnet.fr", "fhir.carnet.fr"]}}

    assert said(look(shown_at("api.carnet.fr", "fhir.carnet.fr"), **named)) == ("pass", "")
    web = shown_at("api.carnet.fr")
    web.pages[file_at("fhir.carnet.fr")] = page(file_at("fhir.carnet.fr"), status=404)
    assert said(look(web, **named)) == ("fail", "ownership-absent")


def test_many_hosts_are_not_asked_one_by_one():
    names = [f"h{number}.carnet.fr" for number in range(6)]
    web = shown_at(*names)

    assert said(look(web, CRI_SEC_01={"hosts": names})) == ("fail", "ownership-absent")
    assert len(web.asked) == 2
    assert said(look(shown_at(*names), CRI_SEC_01={"hosts": names[:5]})) == ("pass", "")


def test_sto_110_one_run_lasts_no_longer_than_one_run_may(monkeypatch):
    """Hosts that drip: once the time is over nobody is asked any more, and that is no fault of theirs."""
    monkeypatch.setattr("apps.store.checks.web.contract.SECONDS", 0.0)
    web = MemoryWeb(pages=absent())

    with pytest.raises(UnreachableError, match="timeout"):
        look(web)
    assert web.asked == []


def test_sto_109_nothing_anywhere_is_a_fact_and_each_host_is_asked_once():
    web = MemoryWeb(pages=absent())

    finding = look(web)

    assert said(finding) == ("fail", "ownership-absent")
    assert finding.measured["hosts"] == ["www.carnet.fr", "api.carnet.fr"]
    assert web.asked == [file_at(host) for host in ("carnet.fr", "www.carnet.fr", "api.carnet.fr")]


@pytest.mark.parametrize("text", [f"{PROOF}x", f"x{PROOF}", TOKEN, "ens-portal-verification=", f"<p>{PROOF}</p>", ""])
def test_sto_109_another_text_proves_nothing(text):
    pages = absent() | {file_at("www.carnet.fr"): page(file_at("www.carnet.fr"), text)}

    assert said(look(MemoryWeb(pages=pages, names={TEXT: (text,)}))) == ("fail", "ownership-absent")


def test_the_proof_of_another_domain_proves_nothing():
    web = MemoryWeb(pages=absent(), names={"_ens-portal.tension.fr": (PROOF,), "carnet.fr": (PROOF,)})

    assert said(look(web)) == ("fail", "ownership-absent")


def test_without_a_code_nothing_is_looked_at():
    assert said(look(MemoryWeb(names={TEXT: ("ens-portal-verification=",)}), token="")) == ("skipped", "no-token")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"CRI_ELI_02": {"url": "https://carnet.fr"}}, ("fail", "ownership-absent")),
        ({"CRI_FIC_04": {"web_url": "https://carnet.fr"}}, ("fail", "ownership-absent")),
        ({"CRI_SEC_01": {"hosts": ["api.carnet.fr"]}}, ("fail", "ownership-absent")),
        ({"CRI_SEC_02": {"hosts": ["api.carnet.fr"]}}, ("fail", "ownership-absent")),
        ({"CRI_SEC_03": {"url": "https://carnet.fr"}}, ("fail", "ownership-absent")),
        ({"CRI_SEC_04": {"host": "carnet.fr"}}, ("fail", "ownership-absent")),
        ({"CRI_INT_07": {"url": "https://carnet.fr"}}, ("flag", "ownership-elsewhere")),
        ({"CRI_INT_05": {"url": "https://carnet.fr"}}, ("flag", "ownership-elsewhere")),
        ({"CRI_INT_02": {"uris": ["https://carnet.fr/retour"]}}, ("flag", "ownership-elsewhere")),
        ({"CRI_LEG_05": {"url": "https://carnet.fr/cgu"}}, ("flag", "ownership-elsewhere")),
        ({"CRI_ACC_01": {"url": "https://carnet.fr/rgaa"}}, ("flag", "ownership-elsewhere")),
    ],
)
def test_sto_109_only_a_domain_of_the_service_itself_is_a_fact(place, expected):
    finding = look(MemoryWeb(pages=absent()), **place)

    assert (said(finding), set(finding.measured)) == (expected, {"hosts"})
    assert said(look(shown_at("carnet.fr"), **place)) == ("pass", "")


def test_more_domains_than_are_asked_are_for_a_person_and_ones_own_come_first():
    others = {"CRI_INT_02": {"uris": [f"https://d{number}.example/" for number in range(20)]}}
    dossier = subject(token=TOKEN, CRI_SEC_04={"host": "carnet.fr"}, **others)
    check, web = CHECKS_WEB["ownership"], MemoryWeb()

    assert check.targets(dossier)[0] == "carnet.fr"
    assert len(check.targets(dossier)) == 21
    finding = check.run(target="d19.example", subject=dossier, tools=Tools(web=web))
    assert (said(finding), web.asked) == (("flag", "ownership-many"), [])


@pytest.mark.parametrize("error", [RefusedUrlError(Reason.UNRESOLVED), TlsError(Reason.EXPIRED)])
def test_hosts_that_nobody_can_trust_prove_nothing(error):
    web = MemoryWeb(pages=absent() | {file_at("carnet.fr"): error})

    assert said(look(web)) == ("fail", "ownership-absent")


def test_l22_a_host_in_trouble_may_hold_the_proof():
    for trouble in (UnreachableError(Reason.TIMEOUT), page(file_at("api.carnet.fr"), status=503)):
        web = MemoryWeb(pages=absent() | {file_at("api.carnet.fr"): trouble})
        with pytest.raises(Exception, match=r"timeout|server-error"):
            look(web)
        assert said(
            look(MemoryWeb(pages=web.pages | shown_at("carnet.fr").pages | {file_at("api.carnet.fr"): trouble}))
        ) == (
            "pass",
            "",
        )


def test_an_error_page_that_repeats_the_question_proves_nothing():
    pages = absent() | {file_at("carnet.fr"): page(file_at("carnet.fr"), PROOF, status=404)}

    assert said(look(MemoryWeb(pages=pages))) == ("fail", "ownership-absent")
