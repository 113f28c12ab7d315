from __future__ import annotations

import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.ins import control_key
from apps.common.ids import uuid7
from apps.common.logs import keep_allowed_keys, mask, mask_identifiers, name_refusals

bodies = st.tuples(
    st.sampled_from("123478"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["2A", "2B", "75", "99"]),
    st.integers(0, 999_999),
).map(lambda part: f"{part[0]}{part[1]:02d}{part[2]:02d}{part[3]}{part[4]:06d}")


@pytest.mark.parametrize(
    "value",
    [
        "1840675112345",
        "184067511234567",
        "2550899123456",
        "1840619123456",
        "184062A12345689",
        "184062b123456",
        "780023599999999",  # waiting number (NIA), unknown month
        "10003456789",  # RPPS
        "810003456789",  # IdNat of a professional
        "019abb53-e000-7abc-8def-0123456789ab",
        "019ABB53-E000-7ABC-8DEF-0123456789AB",
        "camille.morel+sante@example.fr",
    ],
)
def test_sec_22_identifiers_are_masked_wherever_they_stand(value):
    for text in (
        value,
        f"deposit for {value} refused",
        f"/e/{value}/documents/",
        f"key={value},",
        f"({value})",
        f"ins_{value}",
        f"INS{value}x",
    ):
        masked = mask(text)
        assert value not in masked
        assert "…" in masked


@pytest.mark.parametrize(
    "text", ["dmp.document.hide", "2026-11-25T12:00:00Z", "read=100000 accepted=99000", "port 8000", "404"]
)
def test_sec_22_what_names_nobody_stays(text):
    assert mask(text) == text


@given(body=bodies)
def test_sec_22_no_ins_passes_with_or_without_its_key(body):
    full = body + control_key(body)

    assert full not in mask(f"number {full}")
    assert body not in mask(f"number {body}")


def test_sec_22_no_row_id_passes():
    value = str(uuid7())

    assert value not in mask(f"/e/{value}/")


def test_sec_22_keys_outside_the_list_are_dropped():
    event = {"event": "signed in", "family_name": "MOREL", "title": "Compte rendu", "code": "IDN-20", "_record": 1}

    assert keep_allowed_keys(None, "info", event) == {"event": "signed in", "code": "IDN-20", "_record": 1}


def test_sec_22_request_ids_are_kept_and_other_values_masked():
    identifier = str(uuid7())
    event = {"event": f"space {identifier}", "request_id": identifier, "count": 3}

    assert mask_identifiers(None, "info", event) == {"event": "space …", "request_id": identifier, "count": 3}


class RefusedError(Exception):
    """An error whose message says too much, as those of libraries do."""


def refuse() -> None:
    message = "no space for 184062A12345689 of camille.morel@example.fr"
    raise RefusedError(message)


def test_sec_22_an_exception_reaches_the_log_without_its_identity(capsys):
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    handler = logging.StreamHandler()
    handler.setFormatter(next(one for one in formatters if isinstance(one, structlog.stdlib.ProcessorFormatter)))
    logger = logging.getLogger("canary")
    logger.addHandler(handler)
    try:
        refuse()
    except RefusedError:
        logger.exception("deposit failed for 2550899123456", extra={"family_name": "MOREL"})
    finally:
        logger.removeHandler(handler)

    line = capsys.readouterr().err.splitlines()[0]
    assert json.loads(line)["event"] == "deposit failed for …"
    assert "RefusedError" in line
    for canary in ("184062A12345689", "camille.morel", "2550899123456", "MOREL"):
        assert canary not in line


class TestRefusals:
    def said(self, name: str, **extra: object) -> dict[str, object]:
        record = logging.makeLogRecord({"name": name, "msg": "Not Found: /dupont/", **extra})
        return dict(name_refusals(None, "warning", {"event": record.getMessage(), "_record": record}))

    def test_sec_22_an_address_that_somebody_typed_is_not_repeated(self):
        said = self.said("django.request", status_code=404)

        assert (said["event"], said["code"]) == ("request_refused", 404)

    def test_sec_22_neither_is_a_host(self):
        assert self.said("django.security.DisallowedHost")["event"] == "request_refused"

    def test_other_loggers_speak_for_themselves(self):
        assert self.said("celery.worker")["event"] == "Not Found: /dupont/"

    def test_sec_22_a_method_of_nobody_is_another_one(self):
        assert name_refusals(None, "info", {"event": "e", "method": "DUPONT"}) == {"event": "e", "method": "other"}
        assert name_refusals(None, "info", {"event": "e", "method": "POST"}) == {"event": "e", "method": "POST"}
