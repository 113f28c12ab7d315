"""STO-89."""

from __future__ import annotations

import pytest

from apps.store.gateways.web.base import TlsError
from tests.store.checks.web.world import HOST, MemoryWeb, handshake, run, said


def look(answer):
    return run("tls", HOST, MemoryWeb(handshakes={HOST: answer}))


def test_sto_89_a_valid_chain_with_time_left_passes():
    finding = look(handshake(days=200))

    assert said(finding) == ("pass", "")
    assert finding.measured == {
        "version": "TLSv1.3", "ends_on": "2026-09-18", "issuer": "Autorité", "days_left": 200,
    }  # fmt: skip


@pytest.mark.parametrize("reason", ["expired", "wrong-host", "untrusted", "no-tls"])
def test_sto_89_certificates_are_facts(reason):
    assert said(look(TlsError(reason))) == ("fail", reason)


@pytest.mark.parametrize(
    ("days", "expected"), [(31, ("pass", "")), (30, ("pass", "")), (29, ("flag", "tls-ends-soon"))]
)
def test_sto_89_less_than_thirty_days_are_soon(days, expected):
    assert said(look(handshake(days=days))) == expected


@pytest.mark.parametrize("days", [0, -1])
def test_sto_89_what_ended_before_the_run_is_expired(days):
    assert said(look(handshake(days=days))) == ("fail", "expired")


def test_sto_89_old_versions_are_named():
    finding = look(handshake(old_versions=("TLSv1", "TLSv1.1")))

    assert said(finding) == ("flag", "tls-old")
    assert finding.measured["old_versions"] == ["TLSv1", "TLSv1.1"]
