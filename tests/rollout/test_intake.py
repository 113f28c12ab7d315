"""Oppositions by phone, post and counter: entering, claims, conflicts (RO-06, SPA-07, decisions.md 7 and 8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import TestCase

from apps.access import SYSTEM, AccessDeniedError, Actor
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.dates import PARIS
from apps.common.ids import uuid7
from apps.files.models import StoredFile, Vault
from apps.files.services import FileNotReadableError
from apps.rollout.jobs import claiming
from apps.rollout.models import Capacity, Channel, Claim, Conflict, EligiblePerson, Notice, Opposition
from apps.rollout.services import claims, conflicts, intake, opposing, population, scans
from apps.rollout.services.claims import NewClaim
from apps.rollout.services.intake import Entry
from apps.rollout.services.wishes import CapacityError, Contact, NotConcernedError, Wish
from apps.rollout.tasks import hold_claimed
from apps.rollout.texts import Voice, Wanted, blocks_of
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
State, Hold = EligiblePerson.State, EligiblePerson.Hold
TODAY = NOON.astimezone(PARIS).date()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def operator() -> Actor:
    return factories.at_work(factories.staff(StaffRole.OPERATOR))


def entry(**values) -> Entry:
    return Entry(
        **{"channel": Channel.PHONE, "received_on": TODAY, "capacity": Capacity.SELF, **values}  # type: ignore[arg-type]
    )


def child(**values) -> EligiblePerson:
    """Léa with a mother and a father in the register."""
    parents = [
        rollout.person(identity=factories.identity(first_given_name=name, birth_given_names=name)).identity
        for name in ("ROSA", "MARC")
    ]
    numbers = {"rl1_number": parents[0].ins_number, "rl1_capacity": "MERE", "rl2_number": parents[1].ins_number}
    return rollout.person(
        identity=factories.child_identity(), situation="MINEUR", rl2_capacity="PERE", mail="", channel="courrier",
        **{**numbers, **values},
    )  # fmt: skip


def parents_of(person: EligiblePerson):
    people = EligiblePerson.objects.select_related("identity")
    return [people.get(identity__ins_number=number).identity for number in (person.rl1_number, person.rl2_number)]


class TestEnter:
    def test_spa_07_a_helped_opposition_records_channel_operator_and_date(self, operator):
        person = rollout.person()
        opposition = intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)

        person.refresh_from_db()
        assert person.state == State.OPPOSED
        assert (opposition.channel, opposition.entered_by_id, opposition.received_at) == (
            "phone",
            operator.user_id,
            NOON,
        )
        line = events_of(PLATFORM_SCOPE).get(action="rollout.opposition.record")
        assert (line.actor_id, line.facts["channel"]) == (str(operator.user_id), "phone")

    def test_ro_06_the_day_the_letter_came_is_the_date_of_effect(self, operator):
        received = entry(channel=Channel.POST, received_on=date(2026, 10, 26), scan=PDF)
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=received, at=NOON)

        assert opposition.received_at == datetime(2026, 10, 26, tzinfo=PARIS)
        assert opposition.entered_at == NOON

    def test_nothing_is_received_tomorrow(self, operator):
        with pytest.raises(intake.FutureDateError):
            intake.enter_opposition(
                actor=operator,
                person_id=rollout.person().pk,
                entry=entry(received_on=TODAY + timedelta(days=1)),
                at=NOON,
            )

    def test_decisions_08_a_day_more_than_a_year_ago_closes_nothing(self, operator):
        person = rollout.person(state=State.OPEN)
        space = factories.space(person=person.identity, opened_at=NOON - timedelta(days=2))
        slip = entry(channel=Channel.POST, received_on=TODAY.replace(year=26), scan=PDF)
        with pytest.raises(intake.LongAgoError):
            intake.enter_opposition(actor=operator, person_id=person.pk, entry=slip, at=NOON)
        with pytest.raises(intake.LongAgoError):
            claims.open_claim(actor=operator, new=new(received_on=TODAY.replace(year=26)), at=NOON)

        space.refresh_from_db()
        assert space.is_open

    def test_decisions_08_a_letter_in_time_entered_after_the_opening_closes_the_space(self, operator):
        person = rollout.person(state=State.OPEN)
        space = factories.space(person=person.identity, opened_at=NOON - timedelta(days=2))
        received = entry(channel=Channel.POST, received_on=TODAY - timedelta(days=3), scan=PDF)
        opposition = intake.enter_opposition(actor=operator, person_id=person.pk, entry=received, at=NOON)

        space.refresh_from_db()
        assert (space.status, space.closure_reason) == ("closed", HealthSpace.ClosureReason.LATE_OPPOSITION)
        assert opposition.closed_space

    def test_ro_06_the_receipt_leaves_by_the_way_that_was_said(self, operator):
        wanted = entry(contact=Contact(channel=Notice.Channel.MAIL, mail="alice@example.fr"))
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=wanted, at=NOON)

        receipt = Notice.objects.get(kind=Notice.Kind.RECEIPT)
        assert (receipt.address, receipt.channel) == ("alice@example.fr", "mail")
        assert receipt.facts["opposition"] == str(opposition.pk)

    def test_spa_47_a_minor_does_not_speak_for_themselves(self, operator):
        with pytest.raises(CapacityError):
            intake.enter_opposition(actor=operator, person_id=child().pk, entry=entry(), at=NOON)

    def test_spa_43_the_other_parent_is_told(self, operator):
        person = child()
        mother, father = parents_of(person)
        said = entry(capacity=Capacity.PARENT, by=mother)
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=said, at=NOON)

        assert Notice.objects.get(kind=Notice.Kind.OTHER_PARENT).reader == father

    def test_spa_10_a_change_of_mind_by_phone(self, operator):
        person = rollout.person()
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        changed = intake.enter_withdrawal(actor=operator, person_id=person.pk, entry=entry(), at=NOON)

        person.refresh_from_db()
        assert (person.state, changed.conflict) == (State.OPENING_ASKED, None)
        assert changed.opposition.withdrawn_entered_by_id == operator.user_id

    def test_spa_21_the_confirmation_of_somebody_with_an_older_dmp(self, operator):
        person = rollout.person(had_dmp=True)
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        person.refresh_from_db()
        assert person.state == State.OPPOSED_DMP_KEPT
        intake.enter_confirmation(actor=operator, person_id=person.pk, entry=entry(), at=NOON)

        person.refresh_from_db()
        assert person.state == State.OPPOSED

    def test_twice_is_once(self, operator):
        person = rollout.person()
        first = intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        assert intake.enter_opposition(actor=operator, person_id=person.pk, entry=entry(), at=NOON) == first

    def test_sec_20_no_job_and_no_unknown_person(self, operator):
        with pytest.raises(AccessDeniedError):
            intake.enter_opposition(actor=SYSTEM, person_id=rollout.person().pk, entry=entry(), at=NOON)
        with pytest.raises(NotConcernedError):
            intake.enter_opposition(actor=operator, person_id=uuid7(), entry=entry(), at=NOON)


class TestFindByCode:
    def test_ro_06_finds_the_person_however_the_code_is_typed(self, operator):
        person = rollout.person()
        _notice, code = rollout.noticed(person)

        assert intake.find_by_code(actor=operator, typed=f" {code[:4].lower()}-{code[4:]} ") == [person]
        assert events_of(PLATFORM_SCOPE).get().facts == {"by": "code", "found": 1}

    @pytest.mark.parametrize("typed", ["", "K7MF3QXT9BRD", "x" * 40])
    def test_what_is_no_code_finds_nobody(self, operator, typed):
        assert intake.find_by_code(actor=operator, typed=typed) == []

    def test_sec_06_a_code_that_ended_finds_nobody(self, operator):
        notice, code = rollout.noticed(rollout.person())
        notice.code.ended_at = NOON
        notice.code.save()

        assert intake.find_by_code(actor=operator, typed=code) == []

    def test_sec_20_searches_are_counted(self, operator, settings):
        with pytest.raises(population.TooManyPeopleError):
            for _try in range(10_000):
                intake.find_by_code(actor=operator, typed="")


class TestScan:
    def test_sec_11_a_scan_is_kept_encrypted_and_checked(self, queue):
        with TestCase.captureOnCommitCallbacks(execute=True):
            scan = scans.keep_scan(data=PDF, at=NOON)

        file = StoredFile.objects.select_related("vault").get(pk=(scan.vault_id, scan.file_id))
        assert (file.state, file.media_type, file.vault.owner_kind) == ("waiting", "application/pdf", Vault.Owner.SCAN)
        assert [message.task for message in queue()] == ["files.scan"]

    @pytest.mark.parametrize(
        "data", [b"", b"plain text", b"\x89PNG\r\n\x1a\n" + b"0" * 30, b"<svg/>", b"%PDF-" + b"0" * 10_000_001]
    )
    def test_only_pdf_and_jpeg_of_a_size(self, data):
        with pytest.raises(scans.ScanRefusedError):
            scans.keep_scan(data=data, at=NOON)
        assert not StoredFile.objects.exists()

    def test_ro_06_the_scan_stays_with_the_opposition_and_each_opening_is_traced(self, operator):
        said = entry(channel=Channel.POST, scan=PDF)
        opposition = intake.enter_opposition(actor=operator, person_id=rollout.person().pk, entry=said, at=NOON)
        file = scans.scan_state(vault_id=opposition.scan_vault_id, file_id=opposition.scan_file_id)
        target = f"opposition:{opposition.pk}"
        with pytest.raises(FileNotReadableError):
            scans.read_scan(actor=operator, file=file, target=target, at=NOON)
        file.state, file.scanned_at = StoredFile.State.CLEAN, NOON
        file.save()

        assert scans.read_scan(actor=operator, file=file, target=target, at=NOON).data == PDF
        assert events_of(PLATFORM_SCOPE).filter(action="rollout.scan.read", target=target).count() == 1

    def test_ro_06_letters_that_come_later_stay_with_the_opposition(self, operator):
        person = rollout.person(had_dmp=True)
        said = entry(channel=Channel.POST, scan=PDF)
        opposition = intake.enter_opposition(actor=operator, person_id=person.pk, entry=said, at=NOON)
        for enter in (intake.enter_opposition, intake.enter_confirmation, intake.enter_withdrawal):
            enter(actor=operator, person_id=person.pk, entry=said, at=NOON)

        kept = [opposition.scan_file_id, *opposition.letters.values_list("scan_file_id", flat=True)]
        assert len(kept) == 4
        assert set(kept) == set(StoredFile.objects.values_list("id", flat=True))

    def test_decisions_07_the_letter_of_who_contradicts_is_there_for_the_decision(self, operator):
        person = child()
        mother, father = parents_of(person)
        for enter, by in ((intake.enter_opposition, mother), (intake.enter_withdrawal, father)):
            said = entry(channel=Channel.POST, capacity=Capacity.PARENT, by=by, scan=PDF)
            enter(actor=operator, person_id=person.pk, entry=said, at=NOON)

        assert Conflict.objects.get().opposition.letters.get().received_at == NOON

    def test_none_is_none(self):
        assert scans.scan_state(vault_id=None, file_id=None) is None


def new(**values) -> NewClaim:
    return NewClaim(
        **{
            "channel": Channel.POST, "capacity": Capacity.SELF, "received_on": TODAY, "family_name": "Morel",
            "given_name": "Alice", "birth_date": "1984-06-14", "contact": "3 rue des Essais, 44000 Nantes", **values,
        }  # type: ignore[arg-type]
    )  # fmt: skip


class TestClaims:
    def test_ro_06_five_working_days_over_a_holiday_and_a_weekend(self, operator):
        friday = datetime(2026, 11, 6, 12, tzinfo=PARIS)  # Wednesday 11 November is a holiday
        claim = claims.open_claim(actor=operator, new=new(received_on=date(2026, 11, 6)), at=friday)

        assert claim.due_on == date(2026, 11, 16)

    def test_ro_06_whom_it_may_mean_is_held(self, operator):
        same = rollout.person()
        given = rollout.person(identity=factories.identity(birth_family_name="AUTRE"))
        family = rollout.person(identity=factories.identity(first_given_name="JEANNE", birth_given_names="JEANNE"))
        nobody = rollout.person(identity=factories.identity(birth_family_name="AUTRE", first_given_name="EVE"))
        day = rollout.person(identity=factories.identity(birth_date="1984-06-15"))
        claim = claims.open_claim(actor=operator, new=new(family_name="morel", given_name="Àlice Jeanne"), at=NOON)

        held = set(EligiblePerson.objects.filter(hold=Hold.CLAIM).values_list("pk", flat=True))
        assert held == {same.pk, given.pk, family.pk}
        assert {nobody.pk, day.pk}.isdisjoint(held)
        assert set(claim.people.values_list("pk", flat=True)) == held

    @pytest.mark.parametrize("state", ["OPEN", "OPEN_ACTIVE", "OPPOSED", "NOT_OPENED_DEATH"])
    def test_only_people_whose_space_may_open(self, operator, state):
        rollout.person(state=state)
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)

        assert claim.people.count() == 0

    def test_somebody_held_for_another_reason_stays_held_for_that_one(self, operator):
        person = rollout.person(hold=Hold.RETURNED)
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)
        claims.give_up(actor=operator, claim_id=claim.pk, told_by=Channel.POST, at=NOON)

        person.refresh_from_db()
        assert person.hold == Hold.RETURNED

    def test_ro_06_found_the_others_are_let_go(self, operator):
        found, other = rollout.person(), rollout.person(identity=factories.identity(birth_family_name="AUTRE"))
        claim = claims.open_claim(actor=operator, new=new(scan=PDF), at=NOON)
        opposition = intake.enter_opposition(
            actor=operator, person_id=found.pk, entry=entry(channel=Channel.POST), at=NOON, claim_id=claim.pk
        )

        for person in (claim, found, other):
            person.refresh_from_db()
        assert (claim.state, claim.opposition, claim.ended_at) == (Claim.State.FOUND, opposition, NOON)
        assert (found.state, found.hold, other.hold) == (State.OPPOSED, "", "")
        assert opposition.scan_file_id == claim.scan_file_id
        facts = events_of(PLATFORM_SCOPE).get(action="rollout.claim.settle").facts
        assert facts == {"outcome": "found", "released": 2}

    def test_two_letters_of_one_person(self, operator):
        person = rollout.person()
        both = [claims.open_claim(actor=operator, new=new(), at=NOON) for _twice in range(2)]
        said = entry(channel=Channel.POST)
        found = [
            intake.enter_opposition(actor=operator, person_id=person.pk, entry=said, at=NOON, claim_id=claim.pk)
            for claim in both
        ]

        assert found[0] == found[1]
        assert set(Claim.objects.values_list("state", flat=True)) == {"found"}

    def test_who_another_claim_may_mean_stays_held(self, operator):
        person = rollout.person()
        first, second = (claims.open_claim(actor=operator, new=new(), at=NOON) for _twice in range(2))
        claims.give_up(actor=operator, claim_id=first.pk, told_by=Channel.POST, at=NOON)
        person.refresh_from_db()
        assert person.hold == Hold.CLAIM

        claims.give_up(actor=operator, claim_id=second.pk, told_by=Channel.POST, at=NOON)
        person.refresh_from_db()
        assert person.hold == ""

    def test_settled_is_settled(self, operator):
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)
        claims.give_up(actor=operator, claim_id=claim.pk, told_by=Channel.POST, at=NOON)
        with pytest.raises(intake.ClaimSettledError):
            claims.give_up(actor=operator, claim_id=claim.pk, told_by=Channel.POST, at=NOON)
        with pytest.raises(intake.ClaimSettledError):
            intake.enter_opposition(
                actor=operator, person_id=rollout.person().pk, entry=entry(), at=NOON, claim_id=claim.pk
            )
        with pytest.raises(claims.UnknownClaimError):
            claims.give_up(actor=operator, claim_id=uuid7(), told_by=Channel.POST, at=NOON)

    def test_ro_06_a_newcomer_is_held_by_the_sweep(self, operator):
        claim = claims.open_claim(actor=operator, new=new(), at=NOON)
        newcomer = rollout.person()
        hold_claimed()

        newcomer.refresh_from_db()
        assert newcomer.hold == Hold.CLAIM
        assert list(claim.people.all()) == [newcomer]
        assert claiming.hold_claimed(at=NOON) == 0

    def test_who_was_let_go_for_another_reason_is_held_again(self, operator):
        person = rollout.person(hold=Hold.RETURNED)
        claims.open_claim(actor=operator, new=new(), at=NOON)
        EligiblePerson.objects.filter(pk=person.pk).update(hold="")

        assert claiming.hold_claimed(at=NOON) == 1


@pytest.fixture
def conflict(operator) -> Conflict:
    """The mother had opposed, the father wants the space."""
    person = child()
    mother, father = parents_of(person)
    intake.enter_opposition(
        actor=operator, person_id=person.pk, entry=entry(capacity=Capacity.PARENT, by=mother), at=NOON
    )
    intake.enter_withdrawal(
        actor=operator, person_id=person.pk, entry=entry(capacity=Capacity.PARENT, by=father), at=NOON
    )
    return Conflict.objects.get()


class TestConflicts:
    def decide(self, operator, conflict, outcome) -> EligiblePerson:
        conflicts.decide(actor=operator, conflict_id=conflict.pk, outcome=outcome, reason="jugement lu", at=NOON)
        return EligiblePerson.objects.get(pk=conflict.person_id)

    def test_decisions_07_the_opposition_stands(self, operator, conflict):
        person = self.decide(operator, conflict, Conflict.Outcome.OPPOSED)

        assert (person.state, person.hold) == (State.OPPOSED, "")
        assert Opposition.objects.get().withdrawn_at is None

    def test_decisions_07_the_space_may_open(self, operator, conflict):
        person = self.decide(operator, conflict, Conflict.Outcome.OPENING)

        opposition = Opposition.objects.get()
        assert (person.state, person.hold) == (State.OPENING_ASKED, "")
        assert opposition.withdrawn_by == parents_of(person)[1]
        assert opposition.withdrawn_entered_by_id == operator.user_id

    @pytest.mark.parametrize("outcome", Conflict.Outcome)
    def test_decisions_07_both_are_told_and_not_who_the_other_is(self, operator, conflict, outcome):
        person = self.decide(operator, conflict, outcome)

        told = Notice.objects.filter(key=f"decided:{conflict.pk}")
        assert {notice.reader for notice in told} == set(parents_of(person))
        assert {notice.facts["act"] for notice in told} == {f"decided-{outcome}"}

    @pytest.mark.parametrize(
        ("act", "said"), [("decided-opposed", "l'opposition reste"), ("decided-opening", "l'espace santé s'ouvre")]
    )
    def test_the_letter_says_what_was_decided(self, act, said):
        blocks = blocks_of(Wanted(kind=Notice.Kind.CONFLICT, voice=Voice.CHILD, by_post=True, act=act))

        assert said in blocks[0].text

    def test_spa_50_the_protected_person_who_wanted_the_space_is_who_withdrew(self, operator):
        guardian = rollout.person().identity
        person = rollout.person(situation="MAJEUR_PROTEGE", measure="TUTELLE", rl1_number=guardian.ins_number)
        said = entry(capacity=Capacity.PROTECTOR, by=guardian)
        intake.enter_opposition(actor=operator, person_id=person.pk, entry=said, at=NOON)
        intake.enter_withdrawal(actor=operator, person_id=person.pk, entry=entry(), at=NOON)
        self.decide(operator, Conflict.objects.get(), Conflict.Outcome.OPENING)

        opposition = Opposition.objects.get()
        assert (opposition.withdrawn_capacity, opposition.withdrawn_by) == ("self", None)

    def test_decided_once(self, operator, conflict):
        self.decide(operator, conflict, Conflict.Outcome.OPPOSED)
        with pytest.raises(conflicts.DecidedError):
            self.decide(operator, conflict, Conflict.Outcome.OPENING)
        with pytest.raises(conflicts.UnknownConflictError):
            conflicts.decide(actor=operator, conflict_id=uuid7(), outcome=Conflict.Outcome.OPPOSED, reason="x", at=NOON)

    def test_a_conflict_that_began_with_a_request_to_open(self, operator):
        person = child(state=State.OPENING_ASKED)
        mother, father = parents_of(person)
        Opposition.objects.create(
            person=person, reference="OPP-1", check_mac=b"0" * 32, channel="online", capacity="parent", by=father,
            received_at=NOON - timedelta(days=2), entered_at=NOON - timedelta(days=2),
            withdrawn_at=NOON - timedelta(days=1), withdrawn_capacity="parent", withdrawn_by=father,
            withdrawn_channel="online",
        )  # fmt: skip
        wish = Wish(channel=Channel.ONLINE, capacity=Capacity.PARENT, received_at=NOON, by=mother)
        opposing.oppose(person_id=person.pk, wish=wish, at=NOON)
        conflict = Conflict.objects.get()
        person = self.decide(operator, conflict, Conflict.Outcome.OPENING)

        assert person.state == State.OPENING_ASKED
        assert conflict.opposition.by == mother
        assert Opposition.objects.get(pk=conflict.opposition_id).withdrawn_by == father
