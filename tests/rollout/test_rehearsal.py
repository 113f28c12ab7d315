"""The rehearsal of a pilot: it reconciles, one seed gives one result, a difference is told (decisions 32)."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.rollout.models import LetterBatch, Notice, Wave
from apps.rollout.population.rows import SEPARATOR
from apps.rollout.rehearsal.days import Rehearsal
from apps.rollout.rehearsal.fates import ACTIVE, DRAWN, OPPOSITIONS, RATES, SHARES, Act, drawn, fate_of
from apps.rollout.rehearsal.files import write_first, write_later
from apps.rollout.rehearsal.plans import Plan
from apps.rollout.rehearsal.promises import broken
from apps.rollout.rehearsal.reconciling import differences, figures
from tests import factories as portal
from tests.rollout import factories

pytestmark = pytest.mark.django_db


# A database that forgets who moved whom.
LOSE_STEPS = """
    CREATE FUNCTION test_lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER test_lose BEFORE INSERT ON rollout_persontransition FOR EACH ROW EXECUTE FUNCTION test_lose();
"""

# A database that puts off the openings of minors.
FORGET_MINORS = """
    CREATE FUNCTION test_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.window_ends_at = NEW.window_ends_at + interval '1 year'; RETURN NEW;
    END $$;
    CREATE TRIGGER test_forget BEFORE UPDATE OF window_ends_at ON rollout_eligibleperson
        FOR EACH ROW WHEN (NEW.situation = 'MINEUR') EXECUTE FUNCTION test_forget();
"""


def rehearsed(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("rollout_rehearse", "--cores", "1", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


def forgotten(*arguments: str) -> list[str]:
    """The lines of a rehearsal whose database is thrown away."""
    with transaction.atomic():
        lines = rehearsed(*arguments)
        transaction.set_rollback(True)
    return lines


def numbers(lines: list[str]) -> dict[str, int]:
    pairs = (line.rsplit(": ", 1) for line in lines[:-1])
    return {name: int(number) for name, number in pairs}


class TestCommand:
    def test_decisions_32_a_pilot_reconciles_and_the_same_seed_gives_the_same_figures(self):
        first = forgotten("--population", "300", "--seed", "3")

        assert first[-1] == "reconciliation: ok"
        found = numbers(first)
        assert found["lines read"] == 900 + found["newcomers in later files"] - found["leavers in later files"]
        ends = ("opened", "opposed", "held", "failed", "dead", "not-eligible", "waiting")
        assert sum(found[f"people, {end}"] for end in ends) == found["people"]
        assert found["people, opened"] > 250
        assert found["lines refused"] == found["lines written broken"] > 0
        assert found["births in later files"] == 2  # one child, in both files
        assert found["opened during the stop"] == 0
        assert (found["claims"], found["claims found"], found["claims given up"]) == (2, 1, 1)
        assert forgotten("--population", "300", "--seed", "3") == first

    def test_another_seed_is_another_pilot(self):
        short = ("--population", "60", "--days", "2")
        assert forgotten(*short, "--seed", "1") != forgotten(*short, "--seed", "2")

    def test_a_database_with_people_is_refused(self):
        portal.identity()
        with pytest.raises(CommandError, match="make rehearse"):
            rehearsed("--population", "10")

    def test_it_never_runs_in_production(self, settings):
        settings.ENS_ENV = "production"
        with pytest.raises(CommandError, match="never runs in production"):
            rehearsed("--population", "10")

    def test_rol_02_a_difference_is_told_and_the_command_fails(self):
        with connection.cursor() as cursor:
            cursor.execute(LOSE_STEPS)
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 differences"):
            call_command("rollout_rehearse", "--cores", "1", "--population", "20", "--days", "1", stdout=out)
        lines = out.getvalue().splitlines()
        assert "reconciliation: ok" not in lines
        assert lines[-1].startswith("state-without-transition: ")

    def test_rol_02_people_whom_the_opening_forgets_are_told_and_the_command_fails(self):
        with connection.cursor() as cursor:
            cursor.execute(FORGET_MINORS)
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 differences"):
            call_command("rollout_rehearse", "--cores", "1", "--population", "60", stdout=out, stderr=io.StringIO())
        assert out.getvalue().splitlines()[-1].startswith("six weeks over, not opened: ")


def test_every_mail_is_made_and_as_many_letters_as_were_wanted(tmp_path):
    plan = Plan(population=120, days=14, makes_mails=True, letters=10)
    rehearsal = Rehearsal(plan, folder=tmp_path, says=lambda _line: None)
    rehearsal.run()

    sent = Notice.objects.filter(sent_at__isnull=False)
    assert rehearsal.postroom.relay.mails == sent.filter(channel="mail").count() > 50
    assert rehearsal.postroom.relay.octets > 1_000 * rehearsal.postroom.relay.mails
    printed = rehearsal.tally["letters printed"]
    assert 10 <= printed < 30
    assert sum(LetterBatch.objects.filter(state="handed").values_list("letters", flat=True)) == printed
    assert [*differences(rehearsal.tally), *broken(plan, rehearsal.told)] == []


def test_waves_of_a_rehearsal_are_decided_by_two_people(tmp_path):
    Rehearsal(Plan(population=60, days=32), folder=tmp_path, says=lambda _line: None).run()
    for wave in Wave.objects.all():
        assert wave.author_id != wave.approver_id
        assert wave.opening_asked_by_id != wave.opening_approved_by_id is not None


def test_what_the_run_did_and_what_is_there_are_compared():
    factories.person()
    assert list(differences(Counter())) == []
    portal.space()
    assert list(differences(Counter())) == ["spaces: 0 were done, 1 are there"]
    tally = Counter({Act.PHONE: 2, "opened during the stop": 1, Act.ACTIVATE: 1, "mails returned": 4})
    tally |= Counter(
        {"lines written broken": 5, "letters returned": 3, "oppositions taken back": 2, "oppositions confirmed": 1}
    )
    assert list(differences(tally)) == [
        "lines refused: 5 were done, 0 are there",
        "oppositions: 2 were done, 0 are there",
        "mails returned: 4 were done, 0 are there",
        "letters returned: 3 were done, 0 are there",
        "oppositions taken back: 2 were done, 0 are there",
        "oppositions confirmed: 1 were done, 0 are there",
        "opened during the stop: 1 were done, 0 are there",
    ]


def test_figures_name_every_end():
    factories.person()
    found = dict(figures(Counter({"days": 3})))
    assert (found["days"], found["people"], found["people, waiting"]) == (3, 1, 1)
    assert found["people, opened"] == 0


class TestFates:
    def test_sql_and_python_draw_the_same(self):
        people = [portal.identity() for _ in range(20)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT i.ins_number, {DRAWN} FROM accounts_insidentity AS i", {"seed": "7"})  # noqa: S608
            assert dict(cursor.fetchall()) == {one.ins_number: drawn(7, one.ins_number) for one in people}

    def test_rol_02_oppositions_are_as_frequent_as_in_the_pilot(self):
        assert sum(RATES[act] for act in OPPOSITIONS) == 69

    def test_every_share_means_one_act(self):
        counted = Counter(fate_of(share).act for share in range(SHARES))
        assert counted == {**RATES, None: SHARES - ACTIVE}

    def test_acts_come_within_the_six_weeks(self):
        assert {fate_of(value * SHARES).day for value in range(500)} == set(range(2, 38))


class TestFiles:
    PLAN = Plan(population=3_000)

    def lines(self, path):
        return path.read_text(encoding="utf-8").splitlines()[1:]

    def test_a_later_file_tells_changes_leavers_and_newcomers(self, tmp_path):
        first, later = tmp_path / "first.csv", tmp_path / "later.csv"
        assert write_first(first, self.PLAN).lines == 3_000
        written = write_later(later, self.PLAN, on=self.PLAN.day(46))
        before, after = self.lines(first), self.lines(later)

        assert len(after) == written.lines == 3_000 - written.leavers + written.newcomers
        assert len([line for line in before if "RUE DU DEMENAGEMENT" in line]) == 0
        assert len([line for line in after if "RUE DU DEMENAGEMENT" in line]) == written.moves > 5
        deaths = [sum(bool(line.split(SEPARATOR)[31]) for line in lines) for lines in (before, after)]
        assert deaths[1] - deaths[0] == written.deaths > 0 or written.leavers
        assert written.births == 1
        born = [line for line in after if line.split(SEPARATOR)[10] > self.PLAN.imported_on.isoformat()]
        household = born[0].split(SEPARATOR)[24]
        together = [line for line in after[-written.newcomers :] if line.split(SEPARATOR)[24] == household]
        assert (len(born), written.newcomers) == (1, 15 + len(together))
        assert (len(written.dead), len(written.left)) == (written.deaths, written.leavers)

    def test_nobody_dies_in_a_file_before_the_day(self, tmp_path):
        early = write_later(tmp_path / "early.csv", self.PLAN, on=self.PLAN.imported_on)
        assert (early.deaths, early.moves, early.leavers) == (0, 0, 0)

    def test_the_same_plan_writes_the_same_bytes(self, tmp_path):
        for name in ("one", "two"):
            write_later(tmp_path / name, self.PLAN, on=date(2026, 10, 20))
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    def test_newcomers_have_numbers_of_their_own(self, tmp_path):
        later = tmp_path / "later.csv"
        written = write_later(later, self.PLAN, on=self.PLAN.day(20))
        found = [line.split(SEPARATOR)[0] for line in self.lines(later)]
        assert not set(found[-written.newcomers :]) & set(found[: -written.newcomers])
