"""What holds for every name, every file and every run of the reminders (S21, SEC-11, STO-30)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.store.checks.local.file_type import ENDINGS, ending_of, kind_of
from apps.store.jobs import evidence_dates
from apps.store.models import Evidence, Mail
from apps.store.services import evidence_files
from apps.store.services.evidence_files import FileRefusedError
from apps.store.views.downloads import attached
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

TYPES = st.sampled_from(sorted(ENDINGS))


@given(name=st.text(max_size=300), media_type=TYPES)
def test_s21_a_kept_name_is_plain_says_the_truth_and_stays_as_it_is(name, media_type):
    kept = evidence_files.name_of(name, media_type=media_type)
    assert ending_of(kept) in ENDINGS[media_type]
    assert not set(kept) & set('/\\\r\n\t\0"<>|?*:')
    assert len(kept.encode()) <= 255
    assert evidence_files.name_of(kept, media_type=media_type) == kept


@given(name=st.text(max_size=300), media_type=st.text(max_size=40))
def test_sec_08_every_name_makes_a_header_of_one_line(name, media_type):
    response = attached(b"x", media_type=media_type, name=name)
    line = response["Content-Disposition"]
    assert line.startswith('attachment; filename="')
    assert line.isascii()
    assert "\n" not in line
    assert response["Content-Type"] in {"application/octet-stream", *ENDINGS}


@given(data=st.binary(max_size=400), name=st.sampled_from(["a.pdf", "a.csv", "a.svg", "a"]))
def test_sec_11_what_is_taken_is_one_of_five_kinds(data, name):
    try:
        media_type = evidence_files.type_of(world.upload(data, name), use="evidence")
    except FileRefusedError:
        return
    assert media_type in ENDINGS
    assert media_type == kind_of(data)


@given(text=st.text(max_size=80))
def test_s31_markup_is_never_a_table(text):
    data = f" \n<svg xmlns='http://www.w3.org/2000/svg'>{text}</svg>".encode("utf-8", "replace")
    with pytest.raises(FileRefusedError):
        evidence_files.type_of(world.upload(data, "table.csv"), use="evidence")


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ends_in=st.integers(0, 120), runs=st.lists(st.integers(0, 125), min_size=1, max_size=8))
def test_sto_30_each_threshold_is_told_once_in_falling_order_whenever_the_job_runs(ends_in, runs):
    Mail.objects.all().delete()
    Evidence.objects.all().delete()
    factories.evidence(factories.candidacy(by=factories.member()), valid_until=NOON.date() + timedelta(days=ends_in))
    told = []
    for day in sorted(runs):
        before = Mail.objects.count()
        evidence_dates.warn(at=NOON + timedelta(days=day))
        if Mail.objects.count() > before:
            told.append(evidence_dates.threshold_of(ends_in - day))
    assert told == sorted(set(told), reverse=True)
    reached = {evidence_dates.threshold_of(ends_in - day) for day in runs} - {None}
    assert set(told) == reached
