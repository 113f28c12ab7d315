from __future__ import annotations

from collections.abc import Iterator

import pytest

from apps.directory import trust
from tests.directory.trust_lists import bring, trust_list
from tests.harness.clock import NOON
from tests.mss.door.opened import DOMAIN, OPERATOR_NAME, Door, name_papers, opened


@pytest.fixture(scope="session")
def papers_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("papers")


@pytest.fixture
def papers(settings, papers_folder):
    settings.MSS_PATIENT_DOMAIN = "patient.mssante.example"
    return name_papers(settings, papers_folder)


@pytest.fixture
def listed(time_machine) -> None:
    """Noon, and the domain of the operator is trusted."""
    time_machine.move_to(NOON, tick=True)
    bring(trust_list(DOMAIN, issued=NOON, operator=OPERATOR_NAME), at=NOON, force=True)
    trust.forget()


@pytest.fixture
def door(transactional_db, listed, papers) -> Iterator[Door]:
    with opened(papers) as door:
        yield door
    trust.forget()
