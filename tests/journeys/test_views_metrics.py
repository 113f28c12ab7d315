from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import SYSTEM
from apps.audit.services import Line, record
from tests import factories
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
TOKEN = "9d2f4b7c1e8a6053d9f2b4c7e1a80536"


def lines_of(client, **headers):
    response = client.get("/-/metriques", headers=headers)
    assert response.status_code == 200
    return response.content.decode().splitlines()


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN
    return f"Bearer {TOKEN}"


def test_sec_22_counts_and_ages_without_any_id(client, token):
    space = factories.space()
    lines = lines_of(client, authorization=token)

    assert 'ens_part_up{part="database"} 1.0' in lines
    assert 'ens_part_up{part="broker"} 1.0' in lines
    assert 'ens_queue_messages{queue="scan"} 0.0' in lines
    assert 'ens_mails{state="waiting"} 0.0' in lines
    assert 'ens_files_not_readable{state="infected"} 0.0' in lines
    assert 'ens_mss_outgoing{state="waiting"} 0.0' in lines
    assert 'ens_mss_arrivals{state="parked"} 0.0' in lines
    assert "ens_mss_outgoing_oldest_due_seconds 0.0" in lines
    assert 'ens_mss_trust_list{state="none"} 1.0' in lines
    assert 'ens_mss_trust_list{state="current"} 0.0' in lines
    assert "ens_mss_trust_list_seconds_left 0.0" in lines
    text = "\n".join(lines)
    assert str(space.pk) not in text
    assert space.identity.ins_number not in text


def test_unsealed_lines_are_counted_with_their_age(client, token, time_machine):

    time_machine.move_to(NOON, tick=False)
    record(actor=SYSTEM, line=Line(action="test.line"), at=NOON)
    time_machine.move_to(NOON + timedelta(seconds=90), tick=False)

    lines = lines_of(client, authorization=token)
    assert "ens_audit_lines_unsealed 1.0" in lines


def test_a_broker_that_is_away_is_a_figure_and_no_error(client, token, settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"

    lines = lines_of(client, authorization=token)

    assert 'ens_part_up{part="broker"} 0.0' in lines
    assert not [line for line in lines if line.startswith("ens_queue_messages{")]
    assert 'ens_mails{state="waiting"} 0.0' in lines


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN[:-1]])
def test_without_the_token_there_is_no_such_address(client, token, given):
    assert client.get("/-/metriques", headers={"authorization": given}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x"])
def test_without_a_setting_nobody_comes_in(client, settings, given):
    settings.METRICS_TOKEN = ""

    assert client.get("/-/metriques", headers={"authorization": given}).status_code == 404
