"""Both state tables of store.md, row by row, and everything that stands in no row (STO-47 to STO-80)."""

from __future__ import annotations

import pytest

from apps.store.states import DOSSIER, LISTING, Event, ListingStatus, Party, Queue, Status
from apps.store.states.dossier import ENDED, WITHDRAWABLE
from apps.store.states.listing import ACTIVE

# The table of store.md 5.1 as it is written there: id, from, event, by, to.
WRITTEN = """
STO-47 - create editeur brouillon
STO-48 brouillon submit signataire depose
STO-49 depose checks_done systeme recevabilite
STO-50 recevabilite accept guichet instruction
STO-51 recevabilite ask guichet incomplet
STO-52 incomplet answer editeur recevabilite
STO-53 incomplet timeout systeme caduc
STO-54 recevabilite reject guichet irrecevable
STO-55 instruction ask instructeur complement
STO-56 complement answer editeur instruction
STO-56 complement timeout systeme instruction
STO-57 instruction report_ready instructeur pret_commission
STO-58 pret_commission schedule secretariat en_commission
STO-59 en_commission opinion secretariat avis_rendu
STO-60 avis_rendu decide_refuse delegue refuse
STO-61 avis_rendu decide_accept delegue convention
STO-62 avis_rendu require_lift delegue reserves
STO-63 reserves lifted instructeur avis_rendu
STO-63 reserves timeout systeme caduc
STO-64 convention signed signataires accrochage
STO-64 convention signed signataires pret_publication
STO-65 accrochage tests_passed guichet pret_publication
STO-65 accrochage tests_failed guichet accrochage
STO-65 accrochage timeout systeme caduc
STO-66 pret_publication publish guichet publie
STO-68 irrecevable appeal editeur recours
STO-68 refuse appeal editeur recours
STO-68 caduc appeal editeur recours
STO-69 recours uphold recours -
STO-69 recours overturn recours instruction
"""
# Rows that the notes give in words only: silence on an appeal, the purge of idle drafts.
IN_WORDS = "STO-68 recours timeout systeme -\nSTO-47 brouillon timeout systeme abandonne"


def rows_of(machine) -> set[str]:
    return {
        f"{move.rule} {move.source or '-'} {move.event} {party} {move.target or '-'}"
        for move in machine.moves
        for party in move.by
    }


def test_sto_47_to_69_the_table_of_dossiers_is_the_written_one():
    withdrawals = {f"STO-67 {status} withdraw editeur abandonne" for status in WITHDRAWABLE}
    assert rows_of(DOSSIER) == {*WRITTEN.strip().splitlines(), *IN_WORDS.splitlines(), *withdrawals}


def test_sto_67_a_dossier_can_be_given_up_before_it_is_published():
    assert set(Status) - set(WITHDRAWABLE) == {*ENDED, Status.APPEAL}


def test_sto_70_to_80_the_table_of_listings_is_the_written_one():
    active = [status.value for status in ACTIVE]
    assert rows_of(LISTING) == {
        "STO-66 - publish guichet publie",
        "STO-70 publie yearly_due systeme declaration_due",
        "STO-71 declaration_due declared editeur publie",
        "STO-71 declaration_due late systeme mise_en_demeure",
        "STO-72 publie audit_start instructeur audit",
        "STO-73 audit conform instructeur publie",
        "STO-73 audit anomalies instructeur mise_en_demeure",
        *(
            f"STO-74 {status} red_check {party} {target}"
            for status in ("publie", "audit")
            for party in ("systeme", "guichet")
            for target in ("mise_en_demeure", "suspendu")
        ),
        "STO-75 mise_en_demeure remedied instructeur publie",
        "STO-75 mise_en_demeure timeout systeme suspendu",
        *(
            f"STO-76 {status} suspend {party} suspendu"
            for status in (*active, "retrait_programme")
            for party in ("delegue", "guichet")
        ),
        *(
            f"STO-77 suspendu lift {party} {target}"
            for party in ("delegue", "systeme")
            for target in ("publie", "retrait_programme")
        ),
        "STO-77 suspendu withdraw delegue retrait_programme",
        *(
            f"STO-78 {status} withdraw {party} retrait_programme"
            for status in active
            for party in ("delegue", "editeur")
        ),
        "STO-79 retrait_programme effect_date systeme retire",
        "STO-79 suspendu effect_date systeme retire",
        *(f"STO-80 {status} convention_end systeme expire" for status in (*active, "suspendu")),
        "STO-80 expire effect_date systeme retire",
    }


@pytest.mark.parametrize("machine", [DOSSIER, LISTING], ids=["dossier", "listing"])
class TestBoth:
    def test_each_state_can_be_reached_and_has_its_stay(self, machine):
        states = set(machine.stays)
        reached = {move.target for move in machine.moves if move.target}
        assert states == set(Status if machine is DOSSIER else ListingStatus) == reached

    def test_two_rows_of_one_event_differ_in_their_target(self, machine):
        keys = [(move.source, move.event, party, move.target) for move in machine.moves for party in move.by]
        assert len(keys) == len(set(keys))

    def test_sto_83_ended_states_wait_for_nobody(self, machine):
        sources = {move.source for move in machine.moves}
        for status in set(machine.stays) - sources:
            assert machine.stays[status].terms == {}

    def test_a_term_that_times_out_has_a_row_for_it(self, machine):
        for status, stay in machine.stays.items():
            assert stay.times_out == bool(machine.find(status, Event.TIMEOUT)) or status == Status.DRAFT


def test_find_knows_no_other_row():
    allowed = {(move.source, move.event) for move in DOSSIER.moves}
    for status in (None, *Status):
        for event in Event:
            assert bool(DOSSIER.find(status, event)) == ((status, event) in allowed)


@pytest.mark.parametrize(
    ("status", "queue", "days"),
    [
        (Status.INCOMPLETE, Queue.PUBLISHER, 30),
        (Status.COMPLEMENT, Queue.PUBLISHER, 30),
        (Status.ASSESSMENT, Queue.ASSESSOR, 60),
        (Status.RESERVATIONS, Queue.PUBLISHER, 90),
        (Status.ADMISSIBILITY, Queue.DESK, 10),
    ],
)
def test_terms_are_those_of_the_notes(status, queue, days):
    assert DOSSIER.stays[status].terms[queue].number == days
    assert Party.PUBLISHER.value == Queue.PUBLISHER.value == "editeur"
