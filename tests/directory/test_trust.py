"""Whom the door believes, and how a white list comes in (MSS-02, MSS-03, SEC-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.invariants import findings
from apps.common.locks import LockTakenError
from apps.directory import services, trust, trusting
from apps.directory.models import TrustedDomain, TrustedList
from apps.directory.trust import ListState, Trust, operator_of, standing, trusted
from apps.directory.trust_list import TrustFault, TrustListError
from tests.directory.extracts import counts
from tests.directory.trust_lists import HOSPITAL, ISSUED, LABORATORY, OPERATOR, bring, many, trust_list, trust_these
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=14)


@pytest.fixture(autouse=True)
def _rules(settings):
    settings.MSS_TRUST_DAYS = 14
    settings.MSS_TRUST_ALARM_HOURS = 48


def listed() -> list[str]:
    return list(TrustedDomain.objects.order_by("domain").values_list("domain", flat=True))


class TestTrusted:
    def test_mss_03_without_a_list_nobody_is_believed_and_nobody_unknown(self):
        assert trusted(HOSPITAL, NOON) is Trust.NO_LIST
        assert operator_of(HOSPITAL, NOON) == ""

    def test_mss_02_exactly_the_domains_of_the_list(self):
        bring(trust_list(HOSPITAL, LABORATORY))

        assert trusted(HOSPITAL, NOON) is Trust.TRUSTED
        assert trusted("HOPITAL.MSSANTE.EXAMPLE.", NOON) is Trust.TRUSTED
        for stranger in (
            "", "example", "mssante.example", f"faux.{HOSPITAL}", f"{HOSPITAL}.fr", "hopital-mssante.example",
            "hopitаl.mssante.example", f" {HOSPITAL}", f"{HOSPITAL}..", OPERATOR,
        ):  # fmt: skip
            assert trusted(stranger, NOON) is Trust.UNKNOWN, stranger

    def test_mss_03_an_expired_list_opens_nothing(self):
        bring(trust_list(HOSPITAL))

        assert trusted(HOSPITAL, ISSUED + DAYS - timedelta(seconds=1)) is Trust.TRUSTED
        assert trusted(HOSPITAL, ISSUED + DAYS) is Trust.NO_LIST
        assert trusted(OPERATOR, ISSUED + DAYS) is Trust.NO_LIST

    def test_sec_23_nobody_writes_in_the_name_of_patients(self, settings):
        settings.MSS_PATIENT_DOMAIN = "patient.mssante.example"
        bring(trust_list("patient.mssante.example", HOSPITAL))

        assert trusted("patient.mssante.example", NOON) is Trust.UNKNOWN

    def test_the_operator_is_named_as_the_list_writes_it(self):
        bring(trust_list(HOSPITAL, operator="CN=relais,O=Hôpital,C=FR"))

        assert operator_of(HOSPITAL, NOON) == "CN=relais,O=Hôpital,C=FR"
        assert operator_of(LABORATORY, NOON) == ""

    @pytest.mark.parametrize("count", [1, 20])
    def test_one_look_a_minute_however_many_domains(self, count):
        bring(trust_list(*many(count)))
        with CaptureQueriesContext(
            connection,
        ) as first:
            trusted("d0.mssante.example", NOON)
        with CaptureQueriesContext(connection) as then:
            for _ in range(50):
                trusted("d0.mssante.example", NOON)
                trusted("ailleurs.example", NOON)

        assert (len(first), len(then)) == (2, 0)

    def test_another_process_learns_of_a_list_within_a_minute(self, monkeypatch):
        clock = [1000.0]
        monkeypatch.setattr(trust, "monotonic", lambda: clock[0])
        trust_these(HOSPITAL)
        assert trusted(HOSPITAL, NOON) is Trust.TRUSTED
        TrustedDomain.objects.filter(domain=HOSPITAL).update(domain=LABORATORY)

        clock[0] += 59
        assert trusted(HOSPITAL, NOON) is Trust.TRUSTED
        clock[0] += 1
        assert trusted(HOSPITAL, NOON) is Trust.UNKNOWN
        assert trusted(LABORATORY, NOON) is Trust.TRUSTED

    def test_mss_03_reading_a_list_that_is_not_current_is_an_error_in_the_log(self):
        with capture_logs() as none:
            trusted(HOSPITAL, NOON)
        bring(trust_list(HOSPITAL))
        with capture_logs() as current:
            trusted(HOSPITAL, NOON)

        assert [(line["event"], line["log_level"], line["reason"]) for line in none] == [
            ("trust_list_alarm", "error", "none")
        ]
        assert current == []


class TestStanding:
    @pytest.mark.parametrize(
        ("after", "state"),
        [
            (timedelta(), ListState.CURRENT),
            (timedelta(hours=48), ListState.CURRENT),
            (timedelta(hours=48, seconds=1), ListState.LATE),
            (DAYS - timedelta(hours=1, seconds=1), ListState.LATE),
            (DAYS - timedelta(hours=1), ListState.EXPIRED),
        ],
    )
    def test_mss_03_late_before_it_is_expired(self, after, state):
        bring(trust_list(HOSPITAL))

        found = standing(NOON + after)
        assert found.state is state
        assert found.left == DAYS - timedelta(hours=1) - after

    def test_mss_03_the_same_list_brought_in_again_is_no_alarm_until_it_expires_soon(self):
        bring(trust_list(HOSPITAL))
        for day in range(1, 13):
            bring(trust_list(HOSPITAL), at=NOON + timedelta(days=day))

        assert standing(ISSUED + timedelta(days=12) - timedelta(seconds=1)).state is ListState.CURRENT
        assert standing(ISSUED + timedelta(days=12)).state is ListState.LATE

    def test_mss_03_the_check_of_invariants_says_so(self):
        def broken(at):
            return {one.name: one.count for one in findings(at=at)}["directory.trust_list_not_current"]

        assert broken(NOON) == 0
        bring(trust_list(HOSPITAL))
        assert broken(NOON) == 0
        assert broken(NOON + timedelta(days=3)) == 1
        assert broken(NOON + DAYS) == 1


class TestImport:
    def test_counts_and_one_line_of_the_trail(self):
        assert counts(bring(trust_list(HOSPITAL, "fr", HOSPITAL, LABORATORY))) == (4, 2, 0, 1, 1)
        (line,) = events_of(PLATFORM_SCOPE).filter(action="directory.trust.import")
        assert line.facts == {"read": 4, "accepted": 2, "unchanged": 0, "refused": 1, "ignored": 1}

    def test_a_newer_list_takes_the_place_of_the_present_one(self, settings):
        settings.MSS_TRUST_MAX_DROP_PERCENT = 50
        bring(trust_list(HOSPITAL, LABORATORY))
        newer = trust_list(LABORATORY, OPERATOR, issued=NOON)

        assert counts(bring(newer)) == (2, 1, 1, 0, 0)
        assert listed() == [LABORATORY, OPERATOR]
        assert trusted(HOSPITAL, NOON) is Trust.UNKNOWN
        row = TrustedList.objects.get()
        assert (row.issued_at, row.expires_at, row.domains) == (NOON, NOON + DAYS, 2)

    def test_another_operator_of_a_domain_is_a_change(self):
        bring(trust_list(HOSPITAL, operator="CN=a"))

        assert counts(bring(trust_list(HOSPITAL, operator="CN=b"))) == (1, 1, 0, 0, 0)
        assert operator_of(HOSPITAL, NOON) == "CN=b"

    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            (b"<ListeBlanche", TrustFault.UNREADABLE),
            (b"<html/>", TrustFault.NO_LIST),
            (trust_list(LABORATORY, issued="?"), TrustFault.NO_DATE),
            (trust_list(issued=NOON), TrustFault.EMPTY),
            (trust_list(HOSPITAL, issued=NOON + timedelta(hours=1, seconds=1)), TrustFault.FUTURE),
            (trust_list(HOSPITAL, issued=NOON - DAYS), TrustFault.EXPIRED),
            (trust_list(HOSPITAL, issued=ISSUED - timedelta(seconds=1)), TrustFault.OLDER),
            (trust_list(LABORATORY, issued=NOON), TrustFault.SHRUNK),
        ],
        ids=lambda value: value.value if isinstance(value, TrustFault) else "",
    )
    def test_mss_03_a_refused_list_changes_nothing(self, data, fault):
        bring(trust_list(HOSPITAL))
        before = TrustedList.objects.get()

        with pytest.raises(TrustListError) as caught:
            bring(data)

        assert caught.value.fault is fault
        assert listed() == [HOSPITAL]
        assert TrustedList.objects.get().sha256 == before.sha256
        assert events_of(PLATFORM_SCOPE).filter(action="directory.trust.import").count() == 1
        assert trusted(HOSPITAL, NOON) is Trust.TRUSTED

    def test_mss_03_a_tenth_may_go_and_no_more(self):
        domains = list(many(20))
        bring(trust_list(*domains))
        bring(trust_list(*domains[2:], issued=NOON))
        assert len(listed()) == 18

        with pytest.raises(TrustListError) as caught:
            bring(trust_list(*domains[4:], issued=NOON))
        assert (caught.value.fault, caught.value.detail) == (TrustFault.SHRUNK, "2/18")
        bring(trust_list(*domains[4:], issued=NOON), force=True)
        assert len(listed()) == 16

    def test_force_takes_an_older_list_but_no_expired_one(self):
        bring(trust_list(HOSPITAL))
        bring(trust_list(HOSPITAL, issued=ISSUED - timedelta(days=1)), force=True)
        assert TrustedList.objects.get().issued_at == ISSUED - timedelta(days=1)

        with pytest.raises(TrustListError):
            bring(trust_list(HOSPITAL, issued=NOON - DAYS), force=True)

    def test_one_import_at_a_time(self, monkeypatch):
        def taken(_key, *, wait):
            assert wait is False
            raise LockTakenError

        monkeypatch.setattr(trusting, "advisory_lock", taken)
        with pytest.raises(LockTakenError):
            bring(trust_list(HOSPITAL))
        assert listed() == []
        assert services.LOCK

    def test_query_counts_do_not_grow_with_the_list(self):
        bring(trust_list(*many(1)))
        with CaptureQueriesContext(connection) as one:
            bring(trust_list(*many(2)))
        with CaptureQueriesContext(connection) as twenty:
            bring(trust_list(*many(22)))
        assert len(one) == len(twenty)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to(NOON, tick=False)

    def test_the_last_line_counts(self, tmp_path, capsys):
        path = tmp_path / "listeblanchemssante.xml"
        path.write_bytes(trust_list(HOSPITAL, "fr"))

        call_command("directory_import", str(path), "--kind", "trusted-domains")

        assert capsys.readouterr().out.splitlines() == [
            "refused domain 1",
            "read=2 accepted=1 unchanged=0 refused=1 ignored=0",
        ]
        assert trusted(HOSPITAL, NOON) is Trust.TRUSTED

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"<x", "ce n'est pas le XML d'une liste blanche (not-well-formed)"),
            (b"<html/>", "n'est pas une liste blanche"),
            (trust_list(HOSPITAL, issued=""), "date de génération"),
            (trust_list(), "aucun domaine"),
            (trust_list(HOSPITAL, issued="2027-01-01"), "dans le futur"),
            (trust_list(HOSPITAL, issued="2020-01-01"), "périmée"),
            (trust_list(LABORATORY, issued="2026-11-20"), "plus ancienne"),
            (trust_list(LABORATORY, issued=NOON), "il y manque 1 des 1 domaines"),
        ],
    )
    def test_mss_03_a_refusal_is_said_in_words_on_one_line(self, tmp_path, data, words):
        bring(trust_list(HOSPITAL))
        path = tmp_path / "liste.xml"
        path.write_bytes(data)

        with pytest.raises(CommandError) as caught:
            call_command("directory_import", str(path), "--kind", "trusted-domains")

        assert words in str(caught.value)
        assert "\n" not in str(caught.value)
        assert HOSPITAL not in str(caught.value)
        assert LABORATORY not in str(caught.value)
        assert listed() == [HOSPITAL]

    def test_force_imports_it_all_the_same(self, tmp_path):
        bring(trust_list(HOSPITAL))
        path = tmp_path / "liste.xml"
        path.write_bytes(trust_list(LABORATORY, issued=NOON))

        call_command("directory_import", str(path), "--kind", "trusted-domains", "--force")

        assert listed() == [LABORATORY]

    def test_a_white_list_is_never_taken_for_an_extract(self, tmp_path):
        path = tmp_path / "liste.xml"
        path.write_bytes(trust_list(HOSPITAL))

        with pytest.raises(CommandError):
            call_command("directory_import", str(path))
        assert listed() == []
