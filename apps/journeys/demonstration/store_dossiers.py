"""Six dossiers of the demonstration, each in another state, made by the services that people use.

Published, suspended, in assessment, waiting for the desk, refused, a draft. Checks of the past have seen the recorded
sites of `store_web`; those that are due when the country is loaded are left to the workers, which ask the simulated
sites once they run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings

from apps.common.dates import PARIS
from apps.journeys.demonstration import store_passing as passing
from apps.journeys.demonstration import store_reviewing as review
from apps.journeys.demonstration import store_writing as writing
from apps.journeys.demonstration.staff import ASSESSOR, CONFIRMER, DELEGATE, DESK, at_work
from apps.journeys.demonstration.store import SOMMEIL, register
from apps.journeys.demonstration.store_plans import plan_of
from apps.journeys.demonstration.store_writing import Dossier
from apps.store.jobs import surveying, weekly
from apps.store.models import Listing, Signature
from apps.store.services import suspending, warning
from apps.store.services.deciding import Reasons
from apps.store.services.judging import Opinion
from apps.store.services.voting import Given

_JUST_NOW = timedelta(minutes=20)
_SECTIONS_OF_DRAFT = ("service", "cadre-legal", "securite")
_REFUSED = Reasons(
    ground="L1111-13-1, arrete-2022-06-23", signatory=review.SIGNATORY,
    facts="Le service répond en clair : les réponses des usagers circulent sans chiffrement. L'analyse d'impact ne "
    "décrit pas le profil établi à partir du questionnaire.",
    criteria=("CRI-SEC-01", "CRI-SEC-02", "CRI-RGP-03"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days counted back from the one on which the country is loaded; hours in Paris."""

    today: date

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: int = 10) -> datetime:
        return datetime.combine(self.day(ago), time(hour), PARIS)


def load_dossiers(*, today: date, since: datetime, at: datetime, state: Path) -> None:
    """After `load_store`, in the same transaction. `state`: where the simulated sites find their codes."""
    calendar = Calendar(today=today)
    register(SOMMEIL, today=today, since=since)
    writing.look_at_files(at)
    _suspended(calendar, at)
    _refused(calendar)
    _in_assessment(calendar)
    _at_the_desk(calendar, at)
    _draft(calendar, at)
    passing.count_mails_as_sent(until=at - 2 * _JUST_NOW)
    passing.write_proofs(state=state)


def _suspended(calendar: Calendar, at: datetime) -> None:
    """Published, then its legal pages disappeared; « Carnet Tension » is published meanwhile and stays."""
    dossier = _sent("sleep", calendar, begun=170)
    _agreed(
        dossier, calendar, received=160, facts="Les critères sont remplis ; le prix est affiché avant l'inscription."
    )
    _into_the_catalogue(dossier, calendar, ago=60)
    _published(calendar)
    gone = passing.Change(host=dossier.plan.host, since=calendar.at(25))
    passing.look_weekly(changes=(gone,), at=calendar.at(18, 4))
    _give_notice(dossier, calendar)
    surveying.survey(at=calendar.at(6, 9))
    _suspend(dossier, calendar)
    weekly.plan_weekly(at=at)  # left to the workers


def _published(calendar: Calendar) -> None:
    dossier = _sent("tension", calendar, begun=140)
    _agreed(dossier, calendar, received=130, facts="Les critères sont remplis et les échanges proportionnés.")
    review.pass_tests(dossier, at=calendar.at(40))
    _into_the_catalogue(dossier, calendar, ago=30)


def _refused(calendar: Calendar) -> None:
    dossier = _sent("check-up", calendar, begun=110)
    against = {
        "CRI-SEC-01": Opinion(verdict=review.Verdict.NOT_CONFORM, note="Le site ne répond qu'en clair."),
        "CRI-SEC-02": Opinion(verdict=review.Verdict.NOT_CONFORM, note="Rien ne conduit vers une connexion sûre."),
        "CRI-RGP-03": Opinion(verdict=review.Verdict.NOT_CONFORM, note="Le profilage n'est pas analysé."),
    }
    _report(dossier, calendar, received=100, against=against)
    given = Given(opinion="defavorable", text="Les réponses circulent en clair et le profilage n'est pas analysé.")
    _heard(dossier, calendar, received=100, given=given)
    review.refuse(dossier, why=_REFUSED, proposed=calendar.at(34), confirmed=calendar.at(31))


def _in_assessment(calendar: Calendar) -> None:
    dossier = _sent("steps", calendar, begun=50)
    review.admit(dossier, at=calendar.at(40))
    review.take(dossier, ASSESSOR, at=calendar.at(28))
    words = "La synthèse ne nomme pas le prestataire : merci de joindre son attestation."
    open_one = Opinion(verdict=review.Verdict.INCOMPLETE, note=words, reason="partial")
    review.judge(dossier, others={"CRI-SEC-05": open_one}, at=calendar.at(25))
    review.ask(dossier, text="Une pièce manque.", items={"CRI-SEC-05": words}, at=calendar.at(25, 11))
    answer = "Voici l'attestation du prestataire, avec la date du test et la liste des failles corrigées."
    writing.answer_request(dossier, text=answer, at=calendar.at(12))
    passing.run_checks(dossier, at=calendar.at(12))


def _at_the_desk(calendar: Calendar, at: datetime) -> None:
    """Its checks are due: the workers run them, then it waits for the desk."""
    dossier = _written("waking", calendar, begun=12)
    writing.send(dossier, at=at - _JUST_NOW)


def _draft(calendar: Calendar, at: datetime) -> None:
    dossier = writing.begin(plan_of("vaccines"), at=calendar.at(9))
    writing.answer(dossier, sections=_SECTIONS_OF_DRAFT, at=calendar.at(8))
    writing.ask_for_checks(dossier, at=at - _JUST_NOW)


def _written(key: str, calendar: Calendar, *, begun: int) -> Dossier:
    dossier = writing.begin(plan_of(key), at=calendar.at(begun))
    writing.answer(dossier, at=calendar.at(begun - 2))
    writing.describe(dossier, at=calendar.at(begun - 3))
    writing.prove(dossier, at=calendar.at(begun - 4))
    return dossier


def _sent(key: str, calendar: Calendar, *, begun: int) -> Dossier:
    """Ten days after it was begun at the latest, with its checks."""
    dossier = _written(key, calendar, begun=begun)
    writing.send(dossier, at=calendar.at(begun - 5))
    passing.run_checks(dossier, at=calendar.at(begun - 5, 11))
    return dossier


def _report(dossier: Dossier, calendar: Calendar, *, received: int, against: dict[str, Opinion] | None = None) -> None:
    """Thirty-five days from the desk to the data-protection check."""
    review.admit(dossier, at=calendar.at(received - 3))
    review.take(dossier, ASSESSOR, at=calendar.at(received - 10))
    review.judge(dossier, others=against, at=calendar.at(received - 20))
    text = (
        "Chaque critère a été vu avec ses pièces."
        if against is None
        else "Trois critères bloquants ne sont pas remplis."
    )
    review.propose(dossier, text=text, at=calendar.at(received - 21))
    review.read_again(dossier, second=calendar.at(received - 28), privacy=calendar.at(received - 35))


def _heard(dossier: Dossier, calendar: Calendar, *, received: int, given: Given) -> None:
    """By a session sixty days after the dossier was received."""
    session = review.plan_session(calendar.day(received - 60), at=calendar.at(received - 36))
    item = review.put_on_agenda(dossier, session, at=calendar.at(received - 38))
    before = timedelta(days=settings.STORE_PAPERS_DAYS)
    review.send_papers(session, at=datetime.combine(session.held_on - before, time(9), PARIS))
    review.hold(session, item, given=given)


def _agreed(dossier: Dossier, calendar: Calendar, *, received: int, facts: str) -> None:
    """From the desk to an agreement that three have signed, eighty days later."""
    _report(dossier, calendar, received=received)
    _heard(dossier, calendar, received=received, given=Given(opinion="favorable"))
    review.accept(dossier, facts=facts, at=calendar.at(received - 70))
    writing.sign(dossier, at=calendar.at(received - 73))
    review.countersign(dossier, Signature.Party.CNAM, at=calendar.at(received - 76))
    review.countersign(dossier, Signature.Party.MINISTER, at=calendar.at(received - 79))


def _into_the_catalogue(dossier: Dossier, calendar: Calendar, *, ago: int) -> None:
    review.declare(dossier, DESK, at=calendar.at(ago + 1))
    review.check_again(dossier, at=calendar.at(ago + 1))
    passing.run_checks(dossier, at=calendar.at(ago + 1, 11))
    review.publish(dossier, at=calendar.at(ago))


def _give_notice(dossier: Dossier, calendar: Calendar) -> None:
    words = "Les mentions légales, les conditions et la politique de protection des données ne sont plus en ligne."
    why = Reasons(
        ground="R1111-39", facts=words, signatory="Hélène Garo, directrice adjointe", criteria=("CRI-LEG-04",)
    )
    until, at, listing = calendar.day(7), calendar.at(17), _listing(dossier)
    warning.give_notice(
        actor=at_work(DESK, at), listing_id=listing.pk, reasons=why, until=until, seen=listing.sequence, at=at
    )


def _suspend(dossier: Dossier, calendar: Calendar) -> None:
    """The term is over: one delegate keeps the suspension, another confirms."""
    why = Reasons(
        ground="R1111-39", facts="Rien n'a été remédié dans le délai de la mise en demeure.",
        signatory=review.SIGNATORY, criteria=("CRI-LEG-04",),
    )  # fmt: skip
    listing, at = _listing(dossier), calendar.at(6)
    suspending.maintain(actor=at_work(DELEGATE, at), listing_id=listing.pk, reasons=why, seen=listing.sequence, at=at)
    listing, at = _listing(dossier), calendar.at(5)
    review.declare(dossier, CONFIRMER, at=at)
    suspending.confirm_suspension(actor=at_work(CONFIRMER, at), listing_id=listing.pk, seen=listing.sequence, at=at)


def _listing(dossier: Dossier) -> Listing:
    return Listing.objects.get(candidacy_id=dossier.id)
