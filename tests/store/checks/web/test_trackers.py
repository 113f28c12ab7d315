"""STO-93, STO-32."""

from __future__ import annotations

import csv

import pytest

from apps.store.checks.web.tracker_list import FILE, VERSION, Verdict, kept_list, read_trackers
from apps.store.gateways.web.base import Visit
from tests.store.checks.web.world import SITE, MemoryBrowser, run, said


def look(**seen):
    return run("trackers", SITE, browser=MemoryBrowser(Visit(url=seen.pop("url", f"{SITE}/"), **seen)))


def test_sto_93_nobody_else_passes():
    finding = look(requests=("bon.example", "static.bon.example"), cookies=(("bon.example", "session"),))

    assert said(finding) == ("pass", "")
    assert finding.measured == {"third_parties": 0, "cookies": 1, "list": VERSION}


def test_sto_32_google_analytics_is_a_fact_however_it_is_reached():
    for host in ("www.google-analytics.com", "region1.google-analytics.com", "WWW.GOOGLE-ANALYTICS.COM."):
        finding = look(requests=(host,))
        assert said(finding) == ("fail", "trackers-blocked")
        assert finding.measured["hosts"] == [host.lower().rstrip(".")]


def test_sto_32_its_cookie_on_ones_own_domain_counts():
    finding = look(cookies=(("bon.example", "_ga"), ("bon.example", "_ga_AB12")))

    assert said(finding) == ("fail", "trackers-blocked")
    assert finding.measured["hosts"] == ["cookie _ga", "cookie _ga_AB12"]


def test_who_could_not_be_reached_was_asked_all_the_same():
    assert said(look(refused=("https://www.google-analytics.com/analytics.js",))) == ("fail", "trackers-blocked")


def test_sto_93_an_unknown_third_party_is_looked_at():
    finding = look(requests=("mesure.inconnu.example", "fonts.googleapis.com", "stats.data.gouv.fr"))

    assert said(finding) == ("flag", "trackers-unknown")
    assert finding.measured["hosts"] == ["fonts.googleapis.com", "mesure.inconnu.example"]


def test_sto_93_cookies_of_others_are_others():
    finding = look(cookies=((".inconnu.example", "visite"),))

    assert (said(finding), finding.measured["hosts"]) == (("flag", "trackers-unknown"), ["inconnu.example"])


def test_sto_93_the_accepted_list_passes():
    assert said(look(requests=("stats.data.gouv.fr",), cookies=(("bon.example", "panier"),))) == ("pass", "")


def test_neighbours_below_one_host_are_third_parties():
    finding = look(url="https://moi.github.io/", requests=("toi.github.io",))

    assert finding.measured["hosts"] == ["toi.github.io"]


def test_a_page_at_a_number_has_only_third_parties():
    assert said(look(url="https://192.31.196.10/", requests=("192.31.196.11",))) == ("flag", "trackers-unknown")


def test_names_are_bounded():
    finding = look(requests=tuple(f"t{number}.inconnu{number}.example" for number in range(200)))

    assert (len(finding.measured["hosts"]), finding.measured["third_parties"]) == (30, 200)


def test_the_longest_name_of_the_list_wins():
    lines = [
        "kind,name,verdict,what",
        "host,example.org,bloquant,a",
        "host,ok.example.org,accepte,b",
        "cookie,_x*,a_examiner,c",
        "cookie,_xy,bloquant,d",
    ]
    listed = read_trackers(lines)

    assert listed.of_host("a.example.org") is Verdict.BLOCKED
    assert listed.of_host("a.ok.example.org") is Verdict.ACCEPTED
    assert listed.of_host("notexample.org") is None
    assert listed.of_cookie("_xyz") is Verdict.LOOKED_AT
    assert listed.of_cookie("_xy") is Verdict.BLOCKED
    assert listed.of_cookie("x") is None


def test_the_kept_list_is_well_formed():
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert {row["kind"] for row in rows} == {"host", "cookie"}
    assert len({(row["kind"], row["name"]) for row in rows}) == len(rows)
    assert all(row["name"] == row["name"].strip().lower() or row["kind"] == "cookie" for row in rows)
    assert all(row["what"] for row in rows)
    assert kept_list() is kept_list()


def test_a_verdict_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="peut-être"):
        read_trackers(["kind,name,verdict,what", "host,a.example,peut-être,?"])
