"""The demonstration believes its simulated operator, for as long as it stands (MSS-01, MSS-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.directory.trust import ListState, Trust, operator_of, standing, trusted
from apps.directory.trusting import import_trusted_domains
from apps.journeys.demonstration.trust_file import DOMAIN, OPERATOR, write_trust_list
from tests.harness.clock import NOON


@pytest.mark.django_db
def test_mss_01_the_operator_of_the_demonstration_is_believed_for_years(tmp_path):
    path = tmp_path / "listeblanchemssante.xml"
    write_trust_list(path=path, at=NOON)
    with path.open("rb") as source:
        import_trusted_domains(source=source, at=NOON)

    later = NOON + timedelta(days=1000)
    assert trusted(DOMAIN, later) is Trust.TRUSTED
    assert operator_of(DOMAIN, later) == OPERATOR
    assert trusted("hors-confiance.example", later) is Trust.UNKNOWN
    assert standing(later).state is ListState.CURRENT
