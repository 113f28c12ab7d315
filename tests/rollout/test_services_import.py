from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections

from apps.accounts.models import FormerInsNumber, IdentityStatus, InsIdentity
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.locks import LockTakenError
from apps.formats.lines import FileFault, FileRefusedError
from apps.rollout import services
from apps.rollout.models import EligiblePerson, ImportIssue, ImportRun
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.files import CHILD, FATHER, NIA, SOPHIE, cells_of, content, counts, report_of, row, run_import

pytestmark = pytest.mark.django_db
PROVISIONAL = {"matricule": "8790299000001", "nature": "NIA", "oid": NIA}


def stored() -> list[tuple[object, ...]]:
    """Identities and register, whole."""
    people = EligiblePerson.objects.order_by("pk").values_list()
    return [*InsIdentity.objects.order_by("pk").values_list(), *people]


class TestAcceptedLines:
    def test_rol_10_fills_identity_and_register(self):
        run_import(content(row(adresse_complement="BAT A\\B", mobile="0639980001", rang_gemellaire="2")))

        identity = InsIdentity.objects.get()
        person = identity.eligibility
        assert (identity.ins_number, identity.ins_key) == (SOPHIE, "13")
        assert (identity.birth_family_name, identity.birth_given_names) == ("ESSAI", "SOPHIE")
        assert (identity.folded_family, identity.folded_first_given) == ("ESSAI", "SOPHIE")
        assert (identity.sex, identity.birth_date, identity.birth_place) == ("F", "1979-02-22", "44109")
        assert identity.died_on is None
        assert (person.mail, person.channel, person.mobile) == ("sophie.essai@courriel.test", "courriel", "0639980001")
        assert (person.street, person.street_more, person.post_code) == ("3 RUE DES ESSAIS", "BAT A\\B", "44310")
        assert (person.commune, person.department, person.household) == ("44188", "44", "F9")
        assert (person.scheme, person.fund, person.twin_rank) == ("01", "441", 2)
        assert (person.situation, person.measure, person.state) == ("MAJEUR", "", "ELIGIBLE")

    def test_idn_17_folded_columns_are_those_of_the_model(self):
        run_import(content(row(nom_naissance="D'ALENCON-MENARD", prenoms_naissance="ZOE", premier_prenom="ZOE")))

        identity = InsIdentity.objects.get()
        folded = identity.folded_family, identity.folded_first_given
        identity.save()
        assert folded == (identity.folded_family, identity.folded_first_given) == ("D ALENCON MENARD", "ZOE")

    def test_idn_15_the_insurer_s_nir_is_qualified_its_nia_retrieved(self):
        run_import(content(row(), row(**PROVISIONAL, nom_naissance="AUTRE")))

        statuses = {identity.authority[-2:]: identity.status for identity in InsIdentity.objects.all()}
        assert statuses == {"10": IdentityStatus.QUALIFIED, ".9": IdentityStatus.RETRIEVED}

    def test_rol_10_keeps_the_hash_and_the_name_of_the_file(self):
        run_import(content(row()))

        run = ImportRun.objects.get()
        assert run.file_name == "eligibles.csv"
        assert len(run.sha256) == 64
        assert (run.state, run.read, run.accepted) == ("done", 1, 1)

    def test_idn_50_one_line_in_the_trail_with_counts_and_no_number(self):
        run_import(content(row(), row(sexe="X")))

        line = events_of(PLATFORM_SCOPE).get()
        assert (line.action, line.actor_id) == ("rollout.file.import", "rollout.import")
        assert line.facts == {"read": 2, "accepted": 1, "unchanged": 0, "refused": 1, "ignored": 0}

    def test_sec_22_logs_hold_no_number(self, caplog):
        with caplog.at_level(logging.DEBUG):
            run_import(content(row(), row(cle="00")))

        assert SOPHIE not in caplog.text


class TestSecondRun:
    def test_rel_11_the_same_file_twice_changes_nothing(self):
        data = content(row(), row(**CHILD), row(**FATHER), row(sexe="X"))
        run_import(data)
        before = stored()

        assert counts(run_import(data)) == (4, 0, 3, 1, 0)
        assert stored() == before

    def test_a_changed_line_changes_the_person_and_keeps_the_identity(self):
        run_import(content(row()))
        identity = InsIdentity.objects.get()

        assert counts(run_import(content(row(adresse_voie="99 AVENUE NEUVE", nom_utilise="MOREL")))) == (1, 1, 0, 0, 0)
        identity.refresh_from_db()
        assert identity.family_name_in_use == "MOREL"
        assert identity.eligibility.street == "99 AVENUE NEUVE"
        assert EligiblePerson.objects.count() == 1

    def test_changed_traits_are_reported(self):
        run_import(content(row()))

        assert report_of(content(row(date_naissance="1979-02-23"))) == [("2", "nom_naissance", "TRAITS")]
        assert InsIdentity.objects.get().birth_date == "1979-02-23"

    def test_a_death_taken_back_makes_eligible_again(self):
        run_import(content(row(date_deces="2026-01-05")))
        rollout.everybody_waited()
        services.open_spaces(at=NOON)
        assert EligiblePerson.objects.get().state == "NOT_OPENED_DEATH"

        run_import(content(row()))
        assert EligiblePerson.objects.get().state == "ELIGIBLE"
        assert InsIdentity.objects.get().died_on is None

    def test_an_open_space_stays_open_when_the_address_changes(self):
        run_import(content(row()))
        rollout.everybody_waited()
        services.open_spaces(at=NOON)
        run_import(content(row(adresse_voie="99 AVENUE NEUVE")))

        assert EligiblePerson.objects.get().state == "OPEN"

    def test_an_identity_known_from_elsewhere_is_taken_over(self):
        known = factories.identity(ins_number=SOPHIE, evidence_checked=False)
        run_import(content(row()))

        known.refresh_from_db()
        assert (known.birth_family_name, known.status) == ("ESSAI", IdentityStatus.QUALIFIED)
        assert known.eligibility.state == "ELIGIBLE"

    def test_idn_04_a_former_number_makes_no_second_person(self):
        person = factories.identity()
        FormerInsNumber.objects.create(
            identity=person, ins_number=SOPHIE, authority="1.2.250.1.213.1.4.10", ended_at=NOON
        )

        assert report_of(content(row())) == [("2", "matricule", "ANCIEN_MATRICULE")]
        assert InsIdentity.objects.get() == person


class TestDryRun:
    def test_counts_and_reports_the_same_and_writes_nothing(self):
        data = content(row(), row(), row(**CHILD), row(cle="00"))
        handle = io.StringIO()

        trial = run_import(data, dry_run=True, report=handle)

        assert counts(trial) == (4, 2, 1, 1, 0)
        assert (InsIdentity.objects.count(), ImportRun.objects.count(), ImportIssue.objects.count()) == (0, 0, 0)
        assert not events_of(PLATFORM_SCOPE).exists()
        real = io.StringIO()
        assert run_import(data, report=real) == trial
        assert real.getvalue() == handle.getvalue()


class TestReport:
    def test_rol_11_number_field_code_and_words(self):
        handle = io.StringIO()
        run_import(content(row(cle="00"), row(), row(adresse_voie="99 AVENUE NEUVE")), report=handle)

        lines = cells_of(handle.getvalue())
        assert [cells[:4] for cells in lines] == [
            ["2", "cle", "CLE", "••"],
            ["4", "matricule", "DOUBLON_ADRESSE", ""],
        ]
        assert lines[1][4].endswith("3.")  # names the earlier line
        assert all(len(cells) == 5 for cells in lines)

    def test_sec_22_neither_report_nor_issues_hold_a_value_of_the_line(self):
        handle = io.StringIO()
        run_import(content(row(nom_naissance="=CMD()", cle="00", courriel="secret")), report=handle)

        for value in (SOPHIE, "CMD", "secret", "1979"):
            assert value not in handle.getvalue()
        assert {issue.code for issue in ImportIssue.objects.all()} == {"CLE", "LETTRES", "COURRIEL"}

    def test_issues_are_kept_with_the_run(self):
        run_import(content(row(), row(), row(sexe="X")))

        kept = (
            ImportRun.objects.get()
            .issues.order_by("line")
            .values_list("line", "field", "code", "severity", "other_line")
        )
        assert list(kept) == [
            (3, "matricule", "DOUBLON_EXACT", "warned", 2),
            (4, "sexe", "SEXE", "refused", None),
        ]

    def test_counts_each_reason(self):
        imported = run_import(content(row(cle="00"), row(sexe="X"), row(sexe="Y", courriel="non")))

        assert imported.kinds == [("CLE", "refused", 1), ("SEXE", "refused", 2), ("COURRIEL", "warned", 1)]


class TestDoubles:
    def test_another_address_keeps_the_first_line(self):
        imported = run_import(content(row(), row(adresse_voie="99 AVENUE NEUVE")))

        assert counts(imported) == (2, 1, 0, 0, 1)
        assert EligiblePerson.objects.get().street == "3 RUE DES ESSAIS"

    def test_other_data_are_reported_as_such(self):
        assert report_of(content(row(), row(courriel="", canal="courrier"))) == [("3", "matricule", "DOUBLON_DONNEES")]

    def test_another_person_under_the_same_number_is_refused(self):
        data = content(row(), row(nom_naissance="AUTRE"))

        assert counts(run_import(data)) == (2, 1, 0, 1, 0)
        assert report_of(data) == [("3", "matricule", "DOUBLON_TRAITS")]

    def test_another_birth_place_is_another_person(self):
        assert report_of(content(row(), row(**PROVISIONAL, lieu_naissance="44110"))) == []


class TestRepresentatives:
    def test_s25_a_parent_later_in_the_file_is_known(self):
        assert report_of(content(row(**CHILD), row())) == []

    def test_s25_a_parent_of_an_earlier_file_is_known(self):
        run_import(content(row()))

        assert report_of(content(row(**CHILD))) == []
        assert not EligiblePerson.objects.without_known_representative().exists()

    def test_s25_nobody_known_is_reported_at_every_run_and_listed(self):
        data = content(row(**CHILD))
        expected = [("2", "rl1_matricule", "SANS_REPRESENTANT")]

        assert (report_of(data), report_of(data)) == (expected, expected)
        assert EligiblePerson.objects.without_known_representative().get().identity.ins_number == CHILD["matricule"]


class TestWholeFile:
    def test_columns_missing_refuse_the_file_and_leave_a_run(self):
        with pytest.raises(FileRefusedError) as caught:
            run_import(b"matricule;cle\n1;2\n")

        assert caught.value.fault is FileFault.COLUMNS_MISSING
        run = ImportRun.objects.get()
        assert (run.state, run.reason, run.read) == ("refused", "columns_missing", 0)

    def test_a_file_that_stops_being_text_applies_nothing(self):
        with pytest.raises(FileRefusedError):
            run_import(content(row()) + b"x" * 2_200_000)

        assert not InsIdentity.objects.exists()
        assert ImportRun.objects.get().reason == "endless_line"

    def test_a_header_alone_is_an_empty_file_of_people(self):
        assert counts(run_import(content())) == (0, 0, 0, 0, 0)

    def test_a_run_that_was_killed_is_marked_by_the_next(self):
        killed = ImportRun.objects.create(file_name="vieux.csv", started_at=NOON)
        run_import(content(row()))

        killed.refresh_from_db()
        assert killed.state == "interrupted"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_s27_the_second_stops_and_changes_nothing(self):
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [services.LOCK])
            with pytest.raises(LockTakenError):
                run_import(content(row()))
            assert not ImportRun.objects.exists()
            with other.cursor() as cursor:  # a closed session frees its locks a moment later only
                cursor.execute("SELECT pg_advisory_unlock(%s)", [services.LOCK])
        finally:
            other.close()

        assert counts(run_import(content(row()))) == (1, 1, 0, 0, 0)

    def test_rel_11_a_database_error_leaves_no_half_and_tells_no_value(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE rollout_eligibleperson ADD CONSTRAINT no_post CHECK (channel <> 'courrier')")
        try:
            with pytest.raises(services.ImportFailedError) as caught:
                run_import(content(row(), row(**FATHER)))
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE rollout_eligibleperson DROP CONSTRAINT no_post")

        assert caught.value.code == "23514"
        assert str(caught.value) == "23514"
        assert caught.value.__cause__ is None
        assert not InsIdentity.objects.exists()
        run = ImportRun.objects.get()
        assert (run.state, run.reason) == ("failed", "23514")

    def test_sec_22_a_database_error_in_a_trial_run_tells_no_value(self, refused_by_the_stage):
        with pytest.raises(services.ImportFailedError) as caught:
            run_import(content(row(), row(**FATHER)), dry_run=True)

        assert str(caught.value) == "23514"
        assert caught.value.__suppress_context__
        assert not ImportRun.objects.exists()

    @pytest.mark.parametrize("refused_by_the_stage", ["rollout_finding"], indirect=True)
    def test_rel_11_a_database_error_while_comparing_writes_nothing(self, refused_by_the_stage):
        with pytest.raises(services.ImportFailedError):
            run_import(content(row(), row()))

        assert not InsIdentity.objects.exists()
        run = ImportRun.objects.get()
        assert (run.state, run.reason, run.read) == ("failed", "23514", 0)

    def test_rel_11_a_database_error_while_it_is_told_undoes_nothing(self):
        class Unlucky(io.StringIO):
            def write(self, text: str) -> int:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 / 0")
                return len(text)

        with pytest.raises(DatabaseError):
            run_import(content(row()), report=Unlucky())

        run = ImportRun.objects.get()
        assert (run.state, run.accepted) == ("done", 1)
        assert counts(run_import(content(row()))) == (1, 0, 1, 0, 0)


@pytest.fixture
def refused_by_the_stage(request) -> Iterator[None]:
    """The database refuses letters by post on the stage, or any finding."""
    table = getattr(request, "param", "rollout_stage")
    condition = {"rollout_stage": "canal <> 'courrier'", "rollout_finding": "false"}[table]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({condition})")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT refused")
