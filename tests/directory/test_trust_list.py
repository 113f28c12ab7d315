"""The white list as a file: what is read, and hostile ones (MSS-01, MSS-03, SEC-10)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.directory.trust_list import TrustFault, TrustListError, is_domain, read_trust_list
from tests.directory.trust_lists import HOSPITAL, LABORATORY, many, trust_list


def fault_of(data: bytes) -> TrustFault:
    with pytest.raises(TrustListError) as caught:
        read_trust_list(data)
    return caught.value.fault


class TestReading:
    def test_mss_01_domains_with_their_operators(self):
        found = read_trust_list(trust_list(HOSPITAL, LABORATORY, operator="CN=relais,O=Hôpital & Cie,C=FR"))

        assert found.operators == {
            HOSPITAL: "CN=relais,O=Hôpital & Cie,C=FR",
            LABORATORY: "CN=relais,O=Hôpital & Cie,C=FR",
        }
        assert (found.read, found.refused, found.repeated) == (2, 0, 0)

    @pytest.mark.parametrize(
        ("written", "instant"),
        [
            ("2026-11-24T10:13:00Z", datetime(2026, 11, 24, 10, 13, tzinfo=UTC)),
            ("2026-11-24T10:13:00+01:00", datetime(2026, 11, 24, 9, 13, tzinfo=UTC)),
            ("2026-11-24T10:13:00", datetime(2026, 11, 24, 9, 13, tzinfo=UTC)),
            ("2026-07-24T10:13:00", datetime(2026, 7, 24, 8, 13, tzinfo=UTC)),
            ("2026-11-24", datetime(2026, 11, 23, 23, tzinfo=UTC)),
            ("24/11/2026 10:13:00", datetime(2026, 11, 24, 9, 13, tzinfo=UTC)),
            (" 24/11/2026 ", datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ],
    )
    def test_an_hour_without_zone_is_that_of_paris(self, written, instant):
        assert read_trust_list(trust_list(HOSPITAL, issued=written)).issued_at == instant

    @pytest.mark.parametrize("namespace", ["", "urn:another"])
    def test_the_namespace_does_not_count(self, namespace):
        assert list(read_trust_list(trust_list(HOSPITAL, namespace=namespace)).operators) == [HOSPITAL]

    def test_names_are_lower_case_and_stand_once(self):
        found = read_trust_list(trust_list("Hopital.MSSante.Example", HOSPITAL))

        assert list(found.operators) == [HOSPITAL]
        assert (found.read, found.repeated) == (2, 1)

    @pytest.mark.parametrize(
        "name",
        [
            "", "fr", "*.mssante.fr", "@hopital.fr", "a@hopital.fr", "hopital..fr", ".hopital.fr", "hopital.fr.",
            "hôpital.fr", "hopital.fr/", "-hopital.fr", "hopital-.fr", "hopital.fr hopital.org", "192.168.0.1",
            "[192.168.0.1]", "hopital\u3002fr", "hopital\u200b.fr", "x" * 64 + ".fr", "a." * 130 + "fr", "hopital.f",
        ],
    )  # fmt: skip
    def test_mss_02_a_name_that_is_no_domain_trusts_nobody(self, name):
        found = read_trust_list(trust_list(name, HOSPITAL))

        assert list(found.operators) == [HOSPITAL]
        assert (found.read, found.refused) == (2, 1)

    def test_an_operator_with_controls_has_no_name(self):
        assert read_trust_list(trust_list(HOSPITAL, operator="CN=a\u202eb")).operators == {HOSPITAL: ""}

    def test_a_long_operator_is_cut(self):
        assert len(read_trust_list(trust_list(HOSPITAL, operator="x" * 600)).operators[HOSPITAL]) == 500


class TestHostileFiles:
    @pytest.mark.parametrize("data", [b"", b"   ", b"not xml", b"<ListeBlanche>", b"\x00\xff\xfe", b"{}"])
    def test_what_is_no_xml(self, data):
        assert fault_of(data) is TrustFault.UNREADABLE

    def test_sec_10_entities_are_never_looked_at(self):
        data = trust_list(HOSPITAL).replace(
            b'encoding="UTF-8"?>', b'encoding="UTF-8"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        )
        assert fault_of(data.replace(HOSPITAL.encode(), b"&a;")) is TrustFault.UNREADABLE

    def test_endless_depth_and_endless_lists(self):
        assert fault_of(b"<a>" * 200 + b"</a>" * 200) is TrustFault.UNREADABLE
        assert fault_of(trust_list(*many(45_000))) is TrustFault.UNREADABLE

    def test_another_document(self):
        assert fault_of(b"<html><body>Service indisponible</body></html>") is TrustFault.NO_LIST

    @pytest.mark.parametrize("written", ["", "hier", "2026-13-45", "20261", "32/11/2026"])
    def test_a_date_that_is_none(self, written):
        assert fault_of(trust_list(HOSPITAL, issued=written)) is TrustFault.NO_DATE

    def test_two_dates_are_none(self):
        date = b"<DateDeGeneration>2026-11-24</DateDeGeneration>"
        assert fault_of(trust_list(HOSPITAL).replace(b"<Domaines>", date + b"<Domaines>")) is TrustFault.NO_DATE

    def test_a_list_without_a_domain(self):
        assert fault_of(trust_list()) is TrustFault.EMPTY
        assert fault_of(trust_list("fr", "*")) is TrustFault.EMPTY

    @given(st.binary(max_size=300))
    def test_any_bytes_are_refused_in_one_way(self, data):
        with pytest.raises(TrustListError):
            read_trust_list(data)

    @given(st.text(max_size=80))
    def test_sec_23_what_counts_as_a_domain_is_ascii_without_signs(self, name):
        if is_domain(name):
            assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
            assert "." in name.strip(".")
