from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests import factories
from tests.signing import sign_in


@pytest.mark.django_db
def test_sec_22_line_of_a_request_names_the_page_and_no_id(client):
    space = factories.space()
    with capture_logs() as lines:
        sign_in(client, factories.user(person=space.identity)).get(f"/e/{space.id}/")
    finished = next(line for line in lines if line["event"] == "request_finished")
    assert (finished["method"], finished["url_name"], finished["code"]) == ("GET", "journeys:dashboard", 200)
