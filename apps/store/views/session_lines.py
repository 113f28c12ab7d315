"""Sessions of the commission as lines of a page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.access import Actor
from apps.store import seats
from apps.store.models import AgendaItem, Candidacy, CommissionMember, Session, Vote
from apps.store.seats import Bench
from apps.store.services import voting
from apps.ui.components import Pair
from apps.ui.words import day, moment

ICONS = {
    Session.State.PLANNED: "time-line",
    Session.State.HELD: "check-line",
    Session.State.CANCELLED: "close-circle-line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session of the list."""

    session: Session
    title: str
    state: str
    icon: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One dossier of an agenda. `quorum`: how many could vote and how many are needed; `opinion` empty: none yet."""

    item: AgendaItem
    quorum: str
    has_quorum: bool
    opinion: str
    votes: str


def session_line(session: Session) -> SessionLine:
    """`session.dossiers` comes with the query."""
    dossiers: int = session.dossiers  # type: ignore[attr-defined]  # annotated by the view
    papers = _("Papers sent %(moment)s.") % {"moment": moment(session.papers_sent_at)}
    words = ngettext("%(count)s dossier.", "%(count)s dossiers.", dossiers) % {"count": dossiers}
    return SessionLine(
        session=session,
        title=day(session.held_on),
        state=str(session.get_state_display()),
        icon=ICONS[Session.State(session.state)],
        facts=f"{words} {papers}" if session.papers_sent_at else words,
    )


def facts_of(session: Session, *, members: int, present: int) -> tuple[Pair, ...]:
    """What stands at the top of a session."""
    papers = moment(session.papers_sent_at) if session.papers_sent_at else _("not sent yet")
    in_office = ngettext("%(count)s of nine", "%(count)s of nine", members) % {"count": members}
    return (
        Pair(term=_("Papers"), value=papers),
        Pair(term=_("Members in office"), value=in_office),
        Pair(term=_("Members present"), value=str(present)),
    )


def readable(session: Session, actor: Actor) -> tuple[list[AgendaItem], int]:
    """Dossiers of its agenda that this person may read, in their order, and how many they may not: one query."""
    seen = Candidacy.objects.visible_to(actor).filter(pk=OuterRef("candidacy"))
    rows = session.items.select_related("candidacy__publisher", "candidacy__service").annotate(is_seen=Exists(seen))
    items = list(rows.order_by("position", "id"))
    shown: list[AgendaItem] = [item for item in items if item.is_seen]
    return shown, len(items) - len(shown)


def item_lines(
    session: Session, items: list[AgendaItem], *, members: list[CommissionMember], present: set[UUID]
) -> list[ItemLine]:
    """Lines with quorum and votes: three queries for all of them."""
    dossiers = [item.candidacy for item in items]
    found = seats.benches(dossiers, members=members, present=present, day=session.held_on)
    cast: dict[object, list[str]] = {}
    for item_id, choice in Vote.objects.filter(item__in=items).order_by("id").values_list("item_id", "choice"):
        cast.setdefault(item_id, []).append(choice)
    return [_line(item, found[item.candidacy_id], cast.get(item.pk, [])) for item in items]


def quorum_words(bench: Bench) -> str:
    """ "5 members can vote, 5 are needed"; who has a link is counted, not named."""
    words = ngettext("%(count)s member can vote", "%(count)s members can vote", len(bench.voters))
    said = words % {"count": len(bench.voters)}
    needed = ngettext("%(count)s is needed", "%(count)s are needed", bench.needed) % {"count": bench.needed}
    if not bench.linked:
        return f"{said}, {needed}"
    linked = ngettext("%(count)s has a link", "%(count)s have a link", len(bench.linked))
    return f"{said}, {needed}, {linked % {'count': len(bench.linked)}}"


def kept_quorum_words(item: AgendaItem) -> str:
    """ "5 members could vote", as it was when the opinion was recorded."""
    count = item.quorum or 0
    return ngettext("%(count)s member could vote", "%(count)s members could vote", count) % {"count": count}


def tally_words(choices: list[str]) -> str:
    """ "Pour : 5, contre : 1, abstentions : 0"; empty without votes."""
    if not choices:
        return ""
    tally = voting.count(choices)
    return pgettext("votes", "For: %(for)s, against: %(against)s, abstentions: %(abstentions)s") % {
        "for": tally.in_favour,
        "against": tally.against,
        "abstentions": tally.abstentions,
    }


def _line(item: AgendaItem, bench: Bench, choices: list[str]) -> ItemLine:
    return ItemLine(
        item=item,
        quorum=quorum_words(bench),
        has_quorum=bench.has_quorum,
        opinion=str(item.get_opinion_display()) if item.opinion else "",
        votes=tally_words(choices),
    )
