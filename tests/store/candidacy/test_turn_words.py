"""Whose turn it is and until when: for every state and queue of the table, a sentence for both readers (STO-83)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.common.dates import PARIS
from apps.store.models import Candidacy
from apps.store.states import DOSSIER, Queue, Status
from apps.store.states.dossier import ENDED
from apps.store.views.turn_words import Viewer, is_publishers_turn, turn_of
from tests.harness.clock import NOON

EVERY = [(status, queue) for status, queues in DOSSIER.waits().items() for queue in queues or ("",)]
DUE = NOON.astimezone(PARIS).replace(year=2027, month=1, day=12)


def dossier(status, queue) -> Candidacy:
    return Candidacy(status=status, queue=queue, due_at=DUE if queue else None)


def said(status, queue, viewer=Viewer.PUBLISHER, **more) -> str:
    return " ".join(turn_of(dossier(status, queue), viewer, **more).sentence.split())


class TestEveryState:
    def test_the_table_has_twenty_six_of_them(self):
        assert len(EVERY) == 26

    @pytest.mark.parametrize(("status", "queue"), EVERY)
    @pytest.mark.parametrize("viewer", Viewer)
    def test_sto_83_one_sentence_with_its_day_and_an_icon(self, status, queue, viewer):
        turn = turn_of(dossier(status, queue), viewer)
        assert turn.sentence.endswith(".")
        assert turn.icon.endswith(("-line", "-fill"))
        assert ("12\u00a0janvier 2027" in turn.sentence) == bool(queue)
        assert "%(" not in turn.sentence

    @pytest.mark.parametrize(("status", "queue"), EVERY)
    def test_sto_83_the_publisher_is_told_to_act_where_they_are_waited_for_and_nowhere_else(self, status, queue):
        is_theirs = queue == Queue.PUBLISHER or status is Status.DRAFT
        assert said(status, queue).startswith("À vous d'agir") == is_theirs
        assert is_publishers_turn(dossier(status, queue)) == is_theirs

    def test_every_pair_has_words_of_its_own_for_the_publisher(self):
        sentences = [said(status, queue) for status, queue in EVERY]
        assert len(set(sentences)) == len(sentences)

    @pytest.mark.parametrize("status", ENDED)
    def test_nobody_is_waited_for_at_the_end(self, status):
        assert said(status, "", Viewer.REVIEW) == "Personne n'est attendu : le dossier est terminé."


class TestWords:
    def test_examples_for_the_publisher(self):
        assert (
            said(Status.INCOMPLETE, Queue.PUBLISHER) == "À vous d'agir jusqu'au 12 janvier 2027 : donnez ce qui manque."
        )
        assert said(Status.ADMISSIBILITY, Queue.DESK) == (
            "Nous examinons la recevabilité de votre dossier, jusqu'au 12 janvier 2027 au plus tard."
        )
        assert said(Status.SUBMITTED, "") == (
            "Rien à faire pour vous : les contrôles automatiques sont en cours, un jour au plus."
        )

    def test_examples_for_the_back_office(self):
        assert (
            said(Status.INCOMPLETE, Queue.PUBLISHER, Viewer.REVIEW) == "À l'éditeur d'agir, jusqu'au 12 janvier 2027."
        )
        assert said(Status.OPINION, Queue.CONFIRMER, Viewer.REVIEW) == (
            "À un second délégué de confirmer, jusqu'au 12 janvier 2027."
        )

    def test_a_term_that_is_over_is_said_so(self):
        assert said(Status.ADMISSIBILITY, Queue.DESK, at=DUE).endswith("au plus tard.")
        late = said(Status.ADMISSIBILITY, Queue.DESK, at=DUE + timedelta(seconds=1))
        assert late.endswith("au plus tard. Ce délai est dépassé.")

    def test_the_first_of_a_month(self):
        row = Candidacy(status=Status.AGREEMENT, queue=Queue.PUBLISHER, due_at=DUE.replace(day=1))
        assert "jusqu'au 1er\u00a0janvier 2027" in turn_of(row, Viewer.PUBLISHER).sentence

    def test_no_query(self, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            turn_of(dossier(Status.READY, Queue.SECRETARIAT), Viewer.REVIEW)
