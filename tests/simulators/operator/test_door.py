"""The operator writes to a door: every answer is kept, the first refusal settles it."""

from __future__ import annotations

import pytest

from simulators.mssante_operator.memory import Step
from simulators.mssante_operator.samples.catalogue import BY_KEY
from tests.simulators.operator.world import ADDRESS, NOON, Taken, box, door, operator
from tests.simulators.process import free_port


def send(running, key="plain", *, of="perrin"):
    return running.send_sample(box(of), ADDRESS, BY_KEY[key], at=NOON)


def test_a_mail_that_is_taken():
    taken = Taken()
    with door(taken) as port:
        sent = send(operator(port))

    assert sent.is_taken
    assert [(step.command, step.code) for step in sent.steps] == [
        ("EHLO", 250), ("MAIL", 250), ("RCPT", 250), ("DATA", 250),
    ]  # fmt: skip
    assert sent.outcome.text == "2.0.0 kept"
    ((sender, recipients, source),) = taken.mails
    assert (sender, recipients) == ("hugo.perrin@pro.mssante.example", [ADDRESS])
    assert source == sent.source


@pytest.mark.parametrize(
    ("command", "answer", "code"),
    [
        ("MAIL", "550 5.7.1 hors de l'espace", 550),
        ("RCPT", "550 5.1.1 Aucune messagerie", 550),
        ("RCPT", "450 4.2.1 indisponible", 450),
        ("DATA", "554 5.7.0 refuse", 554),
    ],
)
def test_a_refusal_at_each_command(command, answer, code):
    with door(Taken(answers={command: answer})) as port:
        sent = send(operator(port))

    assert not sent.is_taken
    assert sent.outcome == Step(command=command, code=code, text=answer[4:])


def test_size_is_announced_and_refused_before_the_mail_travels():
    taken = Taken()
    with door(taken, size=100_000) as port:
        sent = send(operator(port), "large")

    assert (sent.outcome.command, sent.outcome.code) == ("MAIL", 552)
    assert taken.mails == []


def test_nobody_at_the_door():
    sent = send(operator(free_port()))

    assert (sent.outcome.command, sent.outcome.code, sent.is_taken) == ("CONNECT", 0, False)


def test_what_was_sent_is_kept_newest_first():
    with door(Taken()) as port:
        running = operator(port)
        send(running)
        send(running, "end")
        send(running, of="lefort")

    assert [one.subject for one in running.memory.sent()] == ["Votre rendez-vous de jeudi", "[FIN]",
                                                              "Votre rendez-vous de jeudi"]  # fmt: skip
    assert [one.sample for one in running.memory.sent("perrin")] == ["end", "plain"]


def test_the_colleague_is_somebody_else():
    with door(Taken()) as port:
        running = operator(port)
        sent = send(running, "several", of="lefort")

    assert b"Cc: Dr Karim BENALI <karim.benali@pro.mssante.example>" in sent.source
