"""The way to referencing in words: six steps with their usual times, two roadmaps, what to have at hand (STO-88)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.store.states import DOSSIER, Queue, Status, Term
from apps.store.states.machine import Unit

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the six steps. `statuses`: where a dossier stands while it is in this step."""

    label: Words
    text: Words
    statuses: frozenset[Status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One line of a roadmap; `step` is its place among the six. `only`: True with exchange alone, False without."""

    label: Words
    step: int
    only: bool | None = None


STEPS = (
    Step(
        label=gettext_lazy("Dossier"),
        text=gettext_lazy(
            "You answer the criteria that apply to your service, join the pieces, write the public page and run the "
            "automatic checks."
        ),
        statuses=frozenset({Status.DRAFT}),
    ),
    Step(
        label=gettext_lazy("Admissibility"),
        text=gettext_lazy("The desk of the health insurance checks that the dossier is whole."),
        statuses=frozenset({Status.SUBMITTED, Status.ADMISSIBILITY, Status.INCOMPLETE}),
    ),
    Step(
        label=gettext_lazy("Assessment"),
        text=gettext_lazy(
            "The digital health agency looks at each criterion, a second person reads again, data protection is "
            "checked apart."
        ),
        statuses=frozenset({Status.ASSESSMENT, Status.COMPLEMENT}),
    ),
    Step(
        label=gettext_lazy("Commission"),
        text=gettext_lazy("Nine members give an opinion in a session; the papers leave seven days before."),
        statuses=frozenset({Status.READY, Status.COMMISSION}),
    ),
    Step(
        label=gettext_lazy("Decision and agreement"),
        text=gettext_lazy(
            "The minister decides after the opinion. You, the health insurance and the State then sign one agreement."
        ),
        statuses=frozenset({Status.OPINION, Status.RESERVATIONS, Status.AGREEMENT}),
    ),
    Step(
        label=gettext_lazy("Publication"),
        text=gettext_lazy("Connection tests where data are exchanged, then your page in the catalogue."),
        statuses=frozenset({Status.CONNECTION, Status.READY_TO_PUBLISH}),
    ),
)

ROADMAP = (
    Stop(label=gettext_lazy("Create your account, with a second factor"), step=1),
    Stop(label=gettext_lazy("Create your organisation and invite your colleagues"), step=1),
    Stop(label=gettext_lazy("Answer the orientation questionnaire"), step=1),
    Stop(label=gettext_lazy("Answer the criteria that apply"), step=1),
    Stop(label=gettext_lazy("Say which data you ask for, why, how long you keep them"), step=1, only=True),
    Stop(label=gettext_lazy("Write the information text that people read before they agree"), step=1, only=True),
    Stop(label=gettext_lazy("Join the pieces of evidence"), step=1),
    Stop(label=gettext_lazy("Write the public page of the service"), step=1),
    Stop(label=gettext_lazy("Prove that your domains are yours, run the automatic checks and correct"), step=1),
    Stop(label=gettext_lazy("Have the dossier sent by a signatory"), step=1),
    Stop(label=gettext_lazy("Answer the desk if a piece is missing"), step=2),
    Stop(label=gettext_lazy("Answer the assessors, three rounds at most"), step=3),
    Stop(label=gettext_lazy("Opinion of the commission"), step=4),
    Stop(label=gettext_lazy("Decision, notified with its reasons"), step=5),
    Stop(label=gettext_lazy("Sign the agreement"), step=5),
    Stop(label=gettext_lazy("Pass the connection tests on one version of your software"), step=6, only=True),
    Stop(label=gettext_lazy("Publication in the catalogue, then a declaration a year"), step=6),
)

AT_HAND = (
    gettext_lazy("SIREN and SIRET numbers of your organisation; the FINESS number of an establishment"),
    gettext_lazy("the mandate of whoever signs, as a PDF"),
    gettext_lazy("a security contact who can be reached in an incident: address and phone"),
    gettext_lazy("name and address of your data-protection officer"),
    gettext_lazy("the impact assessment on data protection, where the law requires one"),
    gettext_lazy("the certificate of your host of health data: number and end"),
    gettext_lazy("the report of a penetration test of less than eighteen months"),
    gettext_lazy("your accessibility statement, with its rate and date"),
    gettext_lazy("addresses of the legal notice, the terms of use and the privacy policy"),
    gettext_lazy("a square logo of 512 pixels or more and three to six screenshots"),
    gettext_lazy("somebody who may add a line to your domain's DNS or a file to your website"),
    gettext_lazy("for a medical device: its class and its certificate"),
)


def term_words(term: Term) -> str:
    """ "10 jours ouvrés", "30 jours", "6 mois"."""
    match term.unit:
        case Unit.WORKDAYS:
            return ngettext("%(count)s working day", "%(count)s working days", term.number) % {"count": term.number}
        case Unit.MONTHS:
            return ngettext("%(count)s month", "%(count)s months", term.number) % {"count": term.number}
        case _:
            return ngettext("%(count)s day", "%(count)s days", term.number) % {"count": term.number}


def usual_time(place: int) -> str:
    """How long step `place` (1 to 6) takes, from the terms of the state machine."""
    match place:
        case 1:
            return _("At your own pace: nothing is lost between two visits, for twelve months.")
        case 2:
            return _("%(desk)s; %(own)s for you if a piece is missing.") % _times(
                desk=(Status.ADMISSIBILITY, Queue.DESK), own=(Status.INCOMPLETE, Queue.PUBLISHER)
            )
        case 3:
            return _("%(office)s at most, not counting your time to answer: %(own)s for each round.") % _times(
                office=(Status.ASSESSMENT, Queue.ASSESSOR), own=(Status.COMPLEMENT, Queue.PUBLISHER)
            )
        case 4:
            return _("At the next session.")
        case 5:
            return _("Decision in %(state)s; %(own)s to sign. Reservations to lift first: %(lift)s at most.") % _times(
                state=(Status.OPINION, Queue.DELEGATE),
                own=(Status.AGREEMENT, Queue.PUBLISHER),
                lift=(Status.RESERVATIONS, Queue.PUBLISHER),
            )
        case _:
            return _("%(desk)s; with exchange of data, %(own)s at most for the tests before that.") % _times(
                desk=(Status.READY_TO_PUBLISH, Queue.DESK), own=(Status.CONNECTION, Queue.PUBLISHER)
            )


def roadmap(*, exchange: bool) -> tuple[Stop, ...]:
    """Lines for a service that exchanges data with the spaces, or for one that does not (STO-22)."""
    return tuple(stop for stop in ROADMAP if stop.only is None or stop.only is exchange)


def step_of(status: str) -> int | None:
    """Place of the step that a dossier in this state is in; None where it has ended."""
    return next((place for place, step in enumerate(STEPS, start=1) if status in step.statuses), None)


def _times(**waits: tuple[Status, Queue]) -> dict[str, str]:
    return dict(_pairs(waits))


def _pairs(waits: dict[str, tuple[Status, Queue]]) -> Iterator[tuple[str, str]]:
    for name, (status, queue) in waits.items():
        yield name, term_words(DOSSIER.stays[status].terms[queue])
