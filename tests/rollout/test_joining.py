"""One person under two numbers: joined where that is certain, held otherwise (decisions.md 31, IDN-04)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.models import FormerInsNumber, IdentityStatus, InsIdentity
from apps.rollout.models import EligiblePerson, ImportRun, PersonChange
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.files import CHILD, NIA, SOPHIE, TEST_NIR, content, counts, report_of, row, run_import

pytestmark = pytest.mark.django_db
NUMBER = "8790299000001"
TEMPORARY = {"matricule": NUMBER, "nature": "NIA", "oid": NIA}
HOMONYM = "2790244109998"
LATER = NOON + timedelta(hours=2)


def former() -> list[tuple[str, str, str]]:
    """Number and authority of each former number, with the number of today."""
    rows = FormerInsNumber.objects.order_by("ins_number")
    return list(rows.values_list("ins_number", "authority", "identity__ins_number"))


def held() -> list[str]:
    return list(EligiblePerson.objects.held_as_doubles().values_list("identity__ins_number", flat=True))


class TestInOneFile:
    @pytest.mark.parametrize("lines", [(row(), row(**TEMPORARY)), (row(**TEMPORARY), row())], ids=["after", "before"])
    def test_decisions_31_the_temporary_number_becomes_a_former_one(self, lines):
        imported = run_import(content(*lines))

        assert counts(imported) == (2, 2, 0, 0, 0)
        assert imported.kinds == [("DOUBLON_NIA", "warned", 1)]
        assert InsIdentity.objects.get().ins_number == SOPHIE
        assert former() == [(NUMBER, NIA, SOPHIE)]
        assert held() == []

    def test_rel_11_the_same_file_again_changes_nothing(self):
        data = content(row(), row(**TEMPORARY))
        run_import(data)
        before = list(EligiblePerson.objects.values())

        assert counts(run_import(data)) == (2, 0, 2, 0, 0)
        assert list(EligiblePerson.objects.values()) == before
        assert former() == [(NUMBER, NIA, SOPHIE)]

    def test_a_child_s_line_may_name_the_temporary_number(self):
        data = content(row(), row(**TEMPORARY), row(**{**CHILD, "rl1_matricule": NUMBER}))

        assert report_of(data) == [("3", "matricule", "DOUBLON_NIA")]
        assert not EligiblePerson.objects.without_known_representative().exists()


class TestAcrossFiles:
    def test_idn_04_the_identity_keeps_its_id_and_takes_the_definitive_number(self):
        run_import(content(row(**TEMPORARY)))
        before = InsIdentity.objects.get()
        assert before.status == IdentityStatus.RETRIEVED

        assert counts(run_import(content(row(adresse_voie="99 AVENUE NEUVE")))) == (1, 1, 0, 0, 0)

        person = EligiblePerson.objects.get()
        assert (person.identity_id, person.identity.ins_number, person.street) == (before.pk, SOPHIE, "99 AVENUE NEUVE")
        assert (person.identity.authority, person.identity.status) == (TEST_NIR, IdentityStatus.QUALIFIED)
        assert former() == [(NUMBER, NIA, SOPHIE)]
        assert PersonChange.objects.get().fields == ["number", "address"]

    def test_the_space_stays_one(self):
        run_import(content(row(**TEMPORARY)))
        space = factories.space(person=InsIdentity.objects.get())
        EligiblePerson.objects.update(state=EligiblePerson.State.OPEN)

        run_import(content(row()))

        space.refresh_from_db()
        assert space.identity.ins_number == SOPHIE
        assert EligiblePerson.objects.get().state == "OPEN"

    def test_a_temporary_number_that_comes_late_is_only_a_former_one(self):
        run_import(content(row()))
        assert report_of(content(row(**TEMPORARY))) == [("2", "matricule", "DOUBLON_NIA")]

        assert EligiblePerson.objects.get().identity.ins_number == SOPHIE
        assert former() == [(NUMBER, NIA, SOPHIE)]
        assert report_of(content(row(**TEMPORARY))) == [("2", "matricule", "ANCIEN_MATRICULE")]

    def test_another_temporary_number_is_joined_as_well(self):
        other = "8790299000002"
        run_import(content(row(), row(**TEMPORARY)))
        run_import(content(row(**{**TEMPORARY, "matricule": other})))

        assert former() == [(NUMBER, NIA, SOPHIE), (other, NIA, SOPHIE)]

    def test_both_lines_in_the_file_after_the_temporary_one_was_known(self):
        run_import(content(row(**TEMPORARY)))
        before = InsIdentity.objects.get().pk

        assert counts(run_import(content(row(**TEMPORARY), row()))) == (2, 2, 0, 0, 0)
        assert InsIdentity.objects.get().pk == before
        assert former() == [(NUMBER, NIA, SOPHIE)]


class TestHomonyms:
    """Two definitive numbers with the same five traits: nobody knows whose the temporary one is."""

    def test_decisions_31_the_temporary_one_is_held(self):
        run_import(content(row(), row(matricule=HOMONYM), row(**TEMPORARY)))

        assert held() == [NUMBER]
        assert former() == []

    def test_across_files_too(self):
        run_import(content(row(), row(matricule=HOMONYM)))
        run_import(content(row(**TEMPORARY)))

        assert held() == [NUMBER]
        # The other one alone in a later file holds nobody else: one of the two always opens.
        run_import(content(row(adresse_voie="99 AVENUE NEUVE")))
        assert held() == [NUMBER]

    def test_corrected_traits_release_who_was_held(self):
        run_import(content(row(), row(matricule=HOMONYM), row(**TEMPORARY)))
        run_import(content(row(**TEMPORARY, lieu_naissance="44110")))

        assert held() == []

    def test_one_of_two_definitive_numbers_of_one_file_does_not_take_a_known_temporary_one(self):
        run_import(content(row(**TEMPORARY)))
        run_import(content(row(), row(matricule=HOMONYM)))

        assert former() == []
        assert sorted(held()) == [HOMONYM, SOPHIE]


@pytest.fixture
def two_rows() -> tuple[EligiblePerson, EligiblePerson]:
    """As imports before this rule left them: both in the register, the temporary one held."""
    run_import(content(row()))
    run_import(content(row(**TEMPORARY, lieu_naissance="44110")))
    InsIdentity.objects.filter(ins_number=NUMBER).update(birth_place="44109")
    rows = {person.identity.ins_number: person for person in EligiblePerson.objects.select_related("identity")}
    kept, double = rows[SOPHIE], rows[NUMBER]
    EligiblePerson.objects.filter(pk=double.pk).update(double_of=kept.identity)
    return kept, double


class TestTwoRows:
    CHANGED = content(row(**TEMPORARY, adresse_voie="1 RUE NEUVE"))

    def test_decisions_31_the_row_that_was_never_used_goes(self, two_rows):
        kept, _double = two_rows
        run_import(self.CHANGED)

        assert EligiblePerson.objects.get().pk == kept.pk
        assert former() == [(NUMBER, NIA, SOPHIE)]

    def test_the_temporary_row_that_was_used_stays_and_takes_the_number(self, two_rows):
        kept, double = two_rows
        EligiblePerson.objects.filter(pk=double.pk).update(double_of=None, wave=rollout.wave())
        run_import(self.CHANGED)

        person = EligiblePerson.objects.get()
        assert (person.pk, person.identity.ins_number) == (double.pk, SOPHIE)
        assert person.double_of is None
        assert former() == [(NUMBER, NIA, SOPHIE)]
        assert not InsIdentity.objects.filter(pk=kept.pk).exists()
        # The definitive line counts as changed, though it is the one of the row that went.
        assert counts(run_import(content(row()))) == (1, 1, 0, 0, 0)

    def test_two_rows_that_were_both_used_stay_and_one_is_held(self, two_rows):
        kept, double = two_rows
        rollout.noticed(kept)
        EligiblePerson.objects.filter(pk=double.pk).update(wave=rollout.wave())
        run_import(self.CHANGED)

        assert EligiblePerson.objects.count() == 2
        assert held() == [NUMBER]

    def test_a_row_that_somebody_signed_in_with_stays(self, two_rows):
        _kept, double = two_rows
        factories.user(person=double.identity)
        factories.user(person=two_rows[0].identity)
        run_import(self.CHANGED)

        assert EligiblePerson.objects.count() == 2
        assert held() == [NUMBER]


def test_rel_11_a_join_that_a_crash_cut_in_two_counts_once():
    """The number was replaced in a slice, then the lines on the stage were lost: the same file is read again."""
    run_import(content(row(**TEMPORARY)))
    data = content(row(**TEMPORARY), row())
    straight = run_import(data)
    run = ImportRun.objects.order_by("pk").last()
    assert run is not None
    run.state, run.finished_at = ImportRun.State.RUNNING, None
    run.save()

    assert run_import(data, at=LATER) == straight
    assert counts(straight) == (2, 2, 0, 0, 0)
    run.refresh_from_db()
    assert (run.state, run.accepted, run.finished_at) == ("done", 2, LATER)
