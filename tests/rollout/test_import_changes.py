"""What a later file changes: history without values, deaths, addresses, people who are gone (RO-02, SPA-36)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from apps.accounts.models import InsIdentity
from apps.rollout import services
from apps.rollout.jobs.importing import EligibilityFile
from apps.rollout.models import EligiblePerson, ImportRun, Opposition, PersonChange, PersonTransition
from tests import factories
from tests.harness.clock import NOON
from tests.rollout.files import CHILD, FATHER, SOPHIE, content, counts, row, run_import

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
State = EligiblePerson.State


def sophie() -> EligiblePerson:
    return EligiblePerson.objects.get(identity__ins_number=SOPHIE)


def steps() -> list[tuple[str, str, str, str]]:
    rows = PersonTransition.objects.order_by("id")
    return list(rows.values_list("from_state", "to_state", "rule", "actor"))


def oppose(person: EligiblePerson, **values: object) -> Opposition:
    return Opposition.objects.create(
        person=person,
        **{
            "reference": f"R-{person.pk}"[:24], "check_mac": b"0" * 32, "channel": "online", "capacity": "self",
            "received_at": NOON, "entered_at": NOON, **values,
        },
    )  # fmt: skip


class TestHistory:
    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"adresse_voie": "99 AVENUE NEUVE"}, ["address"]),
            ({"departement": "31", "code_postal": "31000"}, ["address"]),
            ({"nom_utilise": "MOREL"}, ["name"]),
            ({"nom_naissance": "AUTRE"}, ["name"]),
            ({"date_naissance": "1979-02-23"}, ["birth"]),
            ({"date_deces": "2026-01-05"}, ["death"]),
            ({"regime": "02"}, ["scheme"]),
            ({"courriel": "autre@courriel.test"}, ["mail"]),
            ({"mobile": "0639980001"}, ["mobile"]),
            ({"foyer": "F10"}, ["household"]),
            ({"situation": "MAJEUR_PROTEGE", "mesure_protection": "TUTELLE"}, ["situation"]),
            ({"rl1_matricule": FATHER["matricule"], "rl1_qualite": "FAMILLE"}, ["representatives"]),
            ({"had_dmp": "1"}, ["had_dmp"]),
            ({"regime": "02", "adresse_voie": "1 RUE NEUVE", "nom_utilise": "MOREL"}, ["name", "address", "scheme"]),
            ({"rang_gemellaire": "1"}, []),
        ],
    )
    def test_ro_02_names_the_fields_that_changed_and_no_value(self, values, fields):
        run_import(content(row()))
        run_import(content(row(**values)), at=LATER)

        kept = [(change.person_id, change.at, change.fields) for change in PersonChange.objects.order_by("id")]
        assert kept == ([(sophie().pk, LATER, fields)] if fields else [])

    def test_newcomers_and_unchanged_people_have_none(self):
        run_import(content(row()))
        run_import(content(row(), row(**FATHER)))

        assert not PersonChange.objects.exists()

    def test_names_the_run(self):
        run_import(content(row()))
        run_import(content(row(regime="02")), at=LATER)

        assert PersonChange.objects.get().run_id == ImportRun.objects.get(started_at=LATER).pk

    def test_rol_20_rows_stay_as_they_are(self):
        run_import(content(row()))
        run_import(content(row(regime="02")))

        for act in (lambda: PersonChange.objects.update(fields=[]), lambda: PersonChange.objects.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()

    def test_sec_13_the_application_role_may_only_add(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('ens_app', 'rollout_personchange', %s)", ["INSERT"])
            assert cursor.fetchone() == (True,)
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege('ens_app', 'rollout_personchange', %s)", [right])
                assert cursor.fetchone() == (False,)


class TestOlderDmp:
    def test_spa_21_the_column_is_kept(self):
        run_import(content(row(had_dmp="1"), row(**FATHER)))

        assert dict(EligiblePerson.objects.values_list("identity__ins_number", "had_dmp")) == {
            SOPHIE: True,
            FATHER["matricule"]: False,
        }

    def test_another_value_is_reported_and_counts_as_none(self):
        imported = run_import(content(row(had_dmp="X")))

        assert imported.kinds == [("VALEUR", "warned", 1)]
        assert not sophie().had_dmp

    def test_rel_11_a_file_without_the_column_changes_nobody_whom_it_knew_without(self):
        run_import(content(row()))
        header, line = content(row()).decode().splitlines()
        without = "\n".join(text.rpartition(";")[0] for text in (header, line)).encode()

        assert counts(run_import(without)) == (1, 0, 1, 0, 0)


class TestDeaths:
    DEAD = content(row(date_deces="2026-01-05"))

    def test_spa_36_somebody_dead_at_first_sight_is_no_longer_eligible(self):
        run_import(self.DEAD)

        assert sophie().state == State.NOT_OPENED_DEATH
        assert steps() == [("ELIGIBLE", "NOT_OPENED_DEATH", "SPA-36", "rollout.import")]

    @pytest.mark.parametrize("state", ["ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED", "OPPOSED", "OPENING_ASKED"])
    def test_spa_36_a_death_before_the_opening_moves_the_person(self, state):
        run_import(content(row()))
        EligiblePerson.objects.update(state=state)
        run_import(self.DEAD, at=LATER)

        assert (sophie().state, sophie().state_at) == (State.NOT_OPENED_DEATH, LATER)
        assert steps() == [(state, "NOT_OPENED_DEATH", "SPA-36", "rollout.import")]

    def test_spa_36_after_the_opening_the_date_is_set_and_the_space_closes(self):
        run_import(content(row()))
        factories.space(person=InsIdentity.objects.get())
        EligiblePerson.objects.update(state=State.OPEN)
        run_import(self.DEAD)

        assert sophie().state == State.OPEN
        assert InsIdentity.objects.get().died_on.isoformat() == "2026-01-05"
        assert steps() == []

    def test_spa_48_a_window_beside_an_open_space_is_no_state_before_the_opening(self):
        run_import(content(row()))
        factories.space(person=InsIdentity.objects.get())
        EligiblePerson.objects.update(state=State.NOTICE_QUEUED)
        run_import(self.DEAD)

        assert sophie().state == State.NOTICE_QUEUED

    def test_spa_36_a_death_taken_back(self):
        run_import(self.DEAD)
        run_import(content(row()), at=LATER)

        assert (sophie().state, sophie().state_at) == (State.ELIGIBLE, LATER)
        assert steps()[1:] == [("NOT_OPENED_DEATH", "ELIGIBLE", "SPA-36", "rollout.import")]
        assert InsIdentity.objects.get().died_on is None

    @pytest.mark.parametrize(
        ("line", "opposition", "state"),
        [
            ({}, {}, "OPPOSED"),
            ({"had_dmp": "1"}, {}, "OPPOSED_DMP_KEPT"),
            ({"had_dmp": "1"}, {"confirmed_at": NOON}, "OPPOSED"),
            ({}, {"withdrawn_at": NOON}, "ELIGIBLE"),
        ],
    )
    def test_rel_09_an_opposition_outlives_a_death_that_was_none(self, line, opposition, state):
        run_import(content(row(**line)))
        oppose(sophie(), **opposition)
        run_import(content(row(**line, date_deces="2026-01-05")))
        run_import(content(row(**line)))

        assert sophie().state == state

    def test_same_file_again_moves_nobody(self):
        run_import(self.DEAD)
        run_import(self.DEAD)

        assert len(steps()) == 1


class TestPeopleNobodyCouldBeWrittenTo:
    @pytest.mark.parametrize("values", [{"adresse_voie": "1 RUE NEUVE"}, {"courriel": "neuf@courriel.test"}])
    def test_spa_04_another_address_makes_a_first_sending_possible(self, values):
        run_import(content(row()))
        EligiblePerson.objects.update(hold=EligiblePerson.Hold.RETURNED)
        run_import(content(row(**values)))

        assert sophie().hold == ""

    def test_s25_another_representative_does_it_for_a_minor(self):
        run_import(content(row(), row(**{**CHILD, "rl1_matricule": "", "rl1_qualite": ""})))
        minors = EligiblePerson.objects.filter(situation="MINEUR")
        minors.update(hold=EligiblePerson.Hold.NO_REPRESENTATIVE)
        run_import(content(row(), row(**CHILD)))

        assert minors.get().hold == ""

    def test_spa_04_a_notice_that_came_back_waits_for_an_operator(self):
        run_import(content(row()))
        EligiblePerson.objects.update(state=State.NOTICE_FAILED, hold=EligiblePerson.Hold.RETURNED)
        run_import(content(row(adresse_voie="1 RUE NEUVE")))

        assert (sophie().hold, sophie().state) == ("returned", State.NOTICE_FAILED)
        assert PersonChange.objects.get().fields == ["address"]

    @pytest.mark.parametrize(
        ("hold", "values"),
        [
            ("returned", {"regime": "02"}),
            ("conflict", {"adresse_voie": "1 RUE NEUVE"}),
            ("claim", {"courriel": ""}),
            ("no-representative", {"adresse_voie": "1 RUE NEUVE"}),
        ],
    )
    def test_nothing_else_does(self, hold, values):
        run_import(content(row()))
        EligiblePerson.objects.update(hold=hold)
        run_import(content(row(**values)))

        assert sophie().hold == hold


def run_complete(data: bytes, at=LATER) -> services.Imported:
    file = EligibilityFile(source=io.BytesIO(data), name="complet.csv", is_complete=True)
    return services.import_file(file=file, at=at)


class TestCompleteFile:
    def test_spa_06_who_is_gone_from_a_complete_file_is_no_longer_eligible(self):
        run_import(content(row(), row(**FATHER, departement="44")))
        run_complete(content(row()))

        gone = EligiblePerson.objects.get(identity__ins_number=FATHER["matricule"])
        assert (gone.state, gone.state_reason, sophie().state) == (State.NOT_ELIGIBLE, "absent", State.ELIGIBLE)
        assert steps() == [("ELIGIBLE", "NOT_ELIGIBLE", "SPA-06", "rollout.import")]

    def test_spa_06_another_department_is_not_looked_at(self):
        run_import(content(row(), row(**{**FATHER, "departement": "80"})))
        run_complete(content(row()))

        assert not EligiblePerson.objects.filter(state=State.NOT_ELIGIBLE).exists()

    def test_spa_06_a_file_that_is_not_complete_takes_nobody_out(self):
        run_import(content(row(), row(**FATHER)))
        run_import(content(row(regime="02")))

        assert not EligiblePerson.objects.filter(state=State.NOT_ELIGIBLE).exists()

    @pytest.mark.parametrize("state", ["OPEN", "OPEN_ACTIVE", "OPPOSED", "NOT_OPENED_DEATH"])
    def test_spa_06_open_spaces_and_oppositions_stay(self, state):
        run_import(content(row(), row(**FATHER)))
        EligiblePerson.objects.update(state=state)
        run_complete(content(row(regime="02")))

        assert EligiblePerson.objects.get(identity__ins_number=FATHER["matricule"]).state == state

    def test_spa_06_who_comes_back_with_the_same_line_is_eligible_again(self):
        both = content(row(), row(**FATHER))
        run_import(both)
        run_complete(content(row()))
        run_complete(both)

        assert set(EligiblePerson.objects.values_list("state", flat=True)) == {State.ELIGIBLE}
        assert steps()[-1] == ("NOT_ELIGIBLE", "ELIGIBLE", "SPA-06", "rollout.import")

    def test_who_is_named_by_a_former_number_is_there(self):
        temporary = {"matricule": "8790299000001", "nature": "NIA", "oid": "1.2.250.1.213.1.4.9"}
        run_import(content(row(), row(**temporary), row(**FATHER)))
        run_complete(content(row(**temporary), row(**FATHER, regime="02")))

        assert not EligiblePerson.objects.filter(state=State.NOT_ELIGIBLE).exists()

    def test_a_child_is_looked_at_like_everybody(self):
        run_import(content(row(), row(**CHILD)))
        run_complete(content(row()))

        assert EligiblePerson.objects.get(situation="MINEUR").state == State.NOT_ELIGIBLE
