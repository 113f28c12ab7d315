"""Certificates of hosts of health data (STO-99)."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured

from apps.store.checks.local.hds_list import HdsListError, certificates
from apps.store.checks.registry import CHECKS
from tests.harness.clock import NOON
from tests.store.checks.local.dossiers import end, run, subject

TITLES = "number;host;activities;ends_on"


def day(days):
    """So many days after the day of the tests."""
    return (NOON + timedelta(days=days)).date().isoformat()


@pytest.fixture
def listed(tmp_path, settings):
    def write(*rows, titles=TITLES):
        path = tmp_path / "hds.csv"
        path.write_text("\n".join([titles, *rows]) + "\n", encoding="utf-8")
        settings.STORE_HDS_LIST = str(path)

    return write


def answer(**values):
    return {"CRI_URB_01": {"host_name": "Nuage Exemple", "certificate": "HDS-1", "activities": ["1", "2"], **values}}


def judged(**values):
    return end(run("hds", subject(**answer(**values))))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (400, ("pass", "")),
        (60, ("pass", "")),
        (59, ("flag", "hds-ends-soon")),
        (0, ("flag", "hds-ends-soon")),  # its last day
        (-1, ("fail", "hds-ended")),
    ],
)
def test_sto_99_the_end_of_the_certificate_decides(listed, days, expected):
    listed(f"HDS-1;Nuage Exemple SAS;1 2 3;{day(days)}")

    assert judged() == expected


def test_sto_99_a_number_that_is_not_listed_fails(listed):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")

    assert judged(certificate="HDS-2") == ("fail", "hds-absent")


def test_sto_99_spaces_and_capitals_of_the_number_do_not_count(listed):
    listed(f"HDS 2026-0001;Nuage Exemple;1 2;{day(400)}")

    assert judged(certificate="hds2026-0001 ") == ("pass", "")


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        (["1"], ("pass", "")),
        (["2", "1"], ("pass", "")),
        (["1", "5"], ("fail", "hds-activities")),
        ([], ("flag", "hds-no-activity")),
        (["tout"], ("flag", "hds-no-activity")),
        (None, ("flag", "hds-no-activity")),
    ],
)
def test_sto_99_activities_must_cover_the_use(listed, activities, expected):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")

    assert judged(activities=activities) == expected


def test_sto_99_what_is_missing_is_measured(listed):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")

    found = run("hds", subject(**answer(activities=["1", "5", "3"])))
    assert found.measured == {
        "ends_on": day(400), "days_left": 400, "activities": ["1", "2"], "missing": ["3", "5"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NUAGE EXEMPLE", ("pass", "")),
        ("Nuage-Exemple", ("pass", "")),
        ("Groupe Nuage Exemple France", ("pass", "")),
        ("Nuag", ("flag", "hds-other-host")),
        ("Brume Exemple", ("flag", "hds-other-host")),
        ("", ("flag", "hds-other-host")),
    ],
)
def test_sto_99_another_name_is_for_a_person(listed, name, expected):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")

    assert judged(host_name=name) == expected


def test_sto_99_another_end_is_for_a_person(listed):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")

    assert judged(ends_on=day(400)) == ("pass", "")
    assert judged(ends_on=day(500)) == ("flag", "hds-other-end")
    assert judged(ends_on="bientôt") == ("pass", "")


def test_l22_a_missing_list_is_our_trouble_not_the_candidates(settings, tmp_path):
    for path in ("", str(tmp_path / "absent.csv"), str(tmp_path)):
        settings.STORE_HDS_LIST = path
        assert judged() == ("error", "hds-list-away")


@pytest.mark.parametrize(
    "row",
    [
        "HDS-2;Nuage;1 2",
        "HDS-2;Nuage;1 7;2029-01-01",
        "HDS-2;Nuage;;2029-01-01",
        "HDS-2;Nuage;1;31/12/2029",
        ";N;1;2029-01-01",
        "HDS-2;;1;2029-01-01",
    ],
)
def test_l22_a_list_with_a_bad_line_is_not_believed(listed, row):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}", row)

    assert judged() == ("error", "hds-list-away")


def test_l22_an_empty_list_or_other_titles_are_not_believed(listed):
    listed()
    assert judged() == ("error", "hds-list-away")
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}", titles="a;b;c;d")
    assert judged() == ("error", "hds-list-away")


def test_a_new_list_is_read_anew(listed):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}")
    assert judged() == ("pass", "")
    path = Path(configured.STORE_HDS_LIST)
    path.write_text(f"{TITLES}\nHDS-9;Brume;1;{day(9)}\n", encoding="utf-8")

    assert judged() == ("fail", "hds-absent")


def test_of_a_number_that_is_listed_twice_the_renewed_one_counts(listed):
    listed(f"HDS-1;Nuage Exemple;1 2;{day(400)}", "", f"HDS-1;Nuage Exemple;1;{day(-9)}")

    assert judged() == ("pass", "")


def test_without_a_number_there_is_nothing_to_check():
    assert CHECKS["hds"].targets(subject(CRI_URB_01={"host_name": "Nuage Exemple"})) == ()
    assert CHECKS["hds"].targets(subject(CRI_URB_01={"certificate": " "})) == ()


def test_the_list_of_the_demonstration_is_sound_and_invented():
    found = certificates(configured.STORE_HDS_LIST)

    assert len(found) == 5
    assert {number[:12] for number in found} == {"EXEMPLE-HDS-"}
    assert {each.host for each in found.values() if "Exemple" not in each.host} == set()


def test_a_list_of_another_encoding_is_refused(tmp_path):
    path = tmp_path / "hds.csv"
    path.write_bytes(f"{TITLES}\nHDS-1;Hébergeur;1;2029-01-01\n".encode("cp1252"))

    with pytest.raises(HdsListError):
        certificates(str(path))


def test_a_quoted_cell_may_hold_the_separator(tmp_path):
    path = tmp_path / "hds.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([TITLES.split(";"), ["HDS-1", "Nuage; Brume", "1", "2029-01-01"]])

    assert certificates(str(path))["HDS-1"].host == "Nuage; Brume"
