from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import FormerInsNumber, InsIdentity
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.dates import PartialDate
from apps.rollout import services
from apps.rollout.jobs import opening
from apps.rollout.models import EligiblePerson
from apps.spaces.majority import majority_at
from apps.spaces.models import HealthSpace, Representation
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.files import CHILD, FATHER, MICHEL, NIA, SOPHIE, content, row, run_import

BOTH_PARENTS = {**CHILD, "rl2_matricule": MICHEL, "rl2_qualite": "PERE"}
PROTECTED = {
    **FATHER, "situation": "MAJEUR_PROTEGE", "mesure_protection": "TUTELLE", "rl1_matricule": SOPHIE,
    "rl1_qualite": "FAMILLE",
}  # fmt: skip


def open_after(*lines: str, at: datetime = NOON) -> opening.Opened:
    run_import(content(*lines))
    rollout.everybody_waited(at=at)
    return services.open_spaces(at=at)


def result(opened: opening.Opened) -> tuple[int, int, int]:
    return opened.opened, opened.already, opened.not_opened


def space_of(number: str) -> HealthSpace:
    return HealthSpace.objects.get(identity__ins_number=number)


def representatives_of(number: str) -> dict[str, tuple[str, datetime | None]]:
    """Number of each representative: capacity and end."""
    rows = Representation.objects.filter(space=space_of(number)).select_related("person")
    return {row.person.ins_number: (row.capacity, row.ends_at) for row in rows}


@pytest.mark.django_db
class TestOpening:
    def test_spa_03_everybody_alive_gets_an_open_space(self):
        assert result(open_after(row(), row(**FATHER))) == (2, 0, 0)

        space = space_of(SOPHIE)
        assert (space.status, space.opened_at, space.opening_rule) == ("open", NOON, "SPA-03")
        assert space.account_activated_at is None  # SPA-09: opened is not activated
        assert (space.break_glass_allowed, space.emergency_call_allowed, space.masked_in_emergency) == (
            True,
            True,
            False,
        )
        assert space.id.version == 7
        assert set(EligiblePerson.objects.values_list("state", "state_at")) == {("OPEN", NOON)}

    def test_rol_21_a_second_run_opens_nothing(self):
        open_after(row(), row(**FATHER))
        spaces = set(HealthSpace.objects.values_list("id", "opened_at"))

        assert result(services.open_spaces(at=NOON + timedelta(days=1))) == (0, 2, 0)
        assert set(HealthSpace.objects.values_list("id", "opened_at")) == spaces

    def test_rol_21_people_of_a_later_file_join_those_who_are_open(self):
        open_after(row())

        assert result(open_after(row(), row(**FATHER))) == (1, 1, 0)

    def test_rol_21_many_slices_open_everybody_once(self, monkeypatch):
        monkeypatch.setattr(opening, "SLICE", 2)
        lines = [row(matricule=f"2790244109{order}", foyer=f"F{order}") for order in range(100, 105)]

        assert result(open_after(*lines)) == (5, 0, 0)

    def test_spa_36_the_dead_get_no_space(self):
        assert result(open_after(row(date_deces="2026-01-05"))) == (0, 0, 1)
        assert EligiblePerson.objects.get().state == "NOT_OPENED_DEATH"
        assert not HealthSpace.objects.exists()

    def test_decisions_31_one_person_under_two_numbers_has_one_space(self):
        nia = {"matricule": "8790299000001", "nature": "NIA", "oid": NIA}

        assert result(open_after(row(), row(**nia))) == (1, 0, 0)
        assert HealthSpace.objects.get().identity.ins_number == SOPHIE

    def test_decisions_31_somebody_who_is_held_as_a_double_waits(self):
        run_import(content(row(), row(**FATHER)))
        rollout.everybody_waited()
        held = EligiblePerson.objects.filter(identity__ins_number=MICHEL)
        held.update(double_of=InsIdentity.objects.get(ins_number=SOPHIE))

        assert result(services.open_spaces(at=NOON)) == (1, 0, 1)
        assert HealthSpace.objects.get().identity.ins_number == SOPHIE

    def test_a_space_that_is_there_stays_as_it_is(self):
        space = factories.space(person=factories.identity(ins_number=SOPHIE))

        assert result(open_after(row())) == (0, 0, 0)
        assert HealthSpace.objects.get().opened_at == space.opened_at
        assert EligiblePerson.objects.get().state == "OPEN"
        assert not events_of(space.id).exists()

    def test_idn_50_each_space_has_its_line_in_the_trail(self):
        open_after(row(), row(**FATHER))

        space = space_of(SOPHIE)
        line = events_of(space.id).get()
        assert (line.action, line.rule, line.outcome) == ("spaces.space.open", "SPA-03", "permit")
        assert (line.actor_role, line.actor_id, line.at) == ("system", "rollout.open", NOON)
        assert (line.target, line.facts) == (f"space:{space.id}", {})
        run = events_of(PLATFORM_SCOPE).filter(action="rollout.opening.run").get()
        assert run.facts == {"opened": 2, "failed": 0, "not_opened": 0}


@pytest.mark.django_db
class TestRepresentatives:
    def test_spa_41_both_parents_of_the_file_represent_their_child(self):
        open_after(row(), row(**FATHER), row(**BOTH_PARENTS))

        # Born on 2017-03-20: majority at midnight in Paris, 23:00 the day before in UTC.
        majority = datetime(2035, 3, 19, 23, tzinfo=UTC)
        assert representatives_of(CHILD["matricule"]) == {SOPHIE: ("MERE", majority), MICHEL: ("PERE", majority)}
        assert Representation.objects.filter(starts_at=NOON).count() == 2

    def test_representatives_have_a_right_in_no_other_space(self):
        other = {**CHILD, "matricule": "1170344109502", "prenoms_naissance": "NOE", "premier_prenom": "NOE"}
        open_after(
            row(), row(**FATHER), row(**BOTH_PARENTS), row(**{**other, "rl1_matricule": MICHEL, "rl1_qualite": "PERE"})
        )

        assert set(representatives_of(other["matricule"])) == {MICHEL}
        assert representatives_of(SOPHIE) == representatives_of(MICHEL) == {}

    @pytest.mark.parametrize(
        ("born", "ends"),
        [
            ("2012-00-00", datetime(2029, 12, 31, 23, tzinfo=UTC)),
            ("2012-07-00", datetime(2030, 6, 30, 22, tzinfo=UTC)),
            ("2012-02-29", datetime(2030, 2, 28, 23, tzinfo=UTC)),
            ("2008-11-26", datetime(2026, 11, 25, 23, tzinfo=UTC)),
        ],
    )
    def test_spa_48_the_right_ends_at_majority_in_paris(self, born, ends):
        open_after(row(), row(**{**CHILD, "date_naissance": born}))

        assert representatives_of(CHILD["matricule"]) == {SOPHIE: ("MERE", ends)}

    def test_spa_48_somebody_who_came_of_age_has_no_representative(self):
        open_after(row(), row(**{**CHILD, "date_naissance": "2008-11-25"}))

        assert representatives_of(CHILD["matricule"]) == {}

    @pytest.mark.parametrize("values", [{"rl1_matricule": ""}, {"rl1_matricule": "1800144109999"}])
    def test_s25_a_child_without_known_parent_has_a_space_that_nobody_reads(self, values):
        assert result(open_after(row(**{**CHILD, **values}))) == (1, 0, 0)
        assert not Representation.objects.exists()

    def test_a_dead_parent_represents_nobody(self):
        open_after(row(date_deces="2026-01-05"), row(**CHILD))

        assert representatives_of(CHILD["matricule"]) == {}

    def test_idn_04_a_parent_is_found_by_a_former_number(self):
        parent = factories.identity()
        FormerInsNumber.objects.create(identity=parent, ins_number=SOPHIE, authority="x", ended_at=NOON)
        open_after(row(**CHILD))

        assert set(representatives_of(CHILD["matricule"])) == {parent.ins_number}

    def test_a_number_that_means_two_people_gives_no_right(self):
        FormerInsNumber.objects.create(identity=factories.identity(), ins_number=SOPHIE, authority="x", ended_at=NOON)
        factories.identity(ins_number=SOPHIE)
        open_after(row(**CHILD))

        assert representatives_of(CHILD["matricule"]) == {}

    @pytest.mark.parametrize("measure", ["TUTELLE", "HABILITATION_FAMILIALE"])
    def test_spa_50_a_measure_of_representation_gives_a_right_without_known_end(self, measure):
        open_after(row(), row(**{**PROTECTED, "mesure_protection": measure}))

        assert representatives_of(MICHEL) == {SOPHIE: ("FAMILLE", None)}
        assert list(Representation.objects.values_list("measure", "mode")) == [(measure, "representation")]

    @pytest.mark.parametrize("measure", ["CURATELLE_SIMPLE", "CURATELLE_RENFORCEE", "SAUVEGARDE", ""])
    def test_spa_51_a_measure_of_assistance_gives_none(self, measure):
        open_after(row(), row(**{**PROTECTED, "mesure_protection": measure}))

        assert representatives_of(MICHEL) == {}

    def test_an_adult_has_no_representative_whatever_the_line_says(self):
        open_after(row(), row(**FATHER, rl1_matricule=SOPHIE, rl1_qualite="FAMILLE"))

        assert representatives_of(MICHEL) == {}


class MajorityTests(TestCase):
    @given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31)), known=st.sampled_from((1, 2, 3)))
    def test_spa_48_the_end_in_sql_is_that_of_the_policy(self, day, known):
        born = PartialDate(*(day.year, day.month, day.day)[:known])
        child = factories.identity(birth_date=born.with_zeros())
        parent = factories.identity()
        at = majority_at(born) - timedelta(days=1)
        EligiblePerson.objects.create(
            identity=child, situation="MINEUR", channel="courrier", state_at=at, first_run_id=child.id,
            changed_run_id=child.id, rl1_number=parent.ins_number, rl1_capacity="MERE", fingerprint="x",
        )  # fmt: skip

        rollout.everybody_waited(at=at)
        services.open_spaces(at=at)

        assert Representation.objects.get().ends_at == majority_at(born)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_rol_21_two_runs_at_once_make_one_space_each(self):
        lines = [row(matricule=f"2790244109{order}") for order in range(100, 160)]
        run_import(content(*lines))
        rollout.everybody_waited()
        results: list[opening.Opened] = []

        def run() -> None:
            try:
                results.append(services.open_spaces(at=NOON))
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted((one.opened, one.already) for one in results) == [(0, 60), (60, 0)]
        assert HealthSpace.objects.count() == InsIdentity.objects.count() == 60
        assert all(events_of(space_id).count() == 1 for space_id in HealthSpace.objects.values_list("id", flat=True))
