"""Who hears of a choice: the receipt, the other representative, both when they contradict each other (SPA-43)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from apps.accounts.models import InsIdentity
from apps.rollout.models import Capacity, Conflict, EligiblePerson, Notice, Opposition
from apps.rollout.services.voices import representatives_of
from apps.rollout.services.wishes import Wish
from apps.rollout.writing import NewNotice, write_notice


class Act(StrEnum):
    """What was done, as facts of notices and receipts say it."""

    OPPOSED = "opposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    OPENING_ASKED = "opening-asked"


def tell_choice(*, person: EligiblePerson, wish: Wish, act: Act, opposition: Opposition | None, at: datetime) -> None:
    """The receipt to whoever chose, and word to the other known representatives of a child, without any identity."""
    key = f"{act}:{opposition.pk}" if opposition is not None else f"{act}:{at.isoformat()}"
    facts = {"act": act.value, **({"opposition": str(opposition.pk)} if opposition is not None else {})}
    if wish.contact is not None:
        reference = {"reference": opposition.reference} if opposition is not None else {}
        new = NewNotice(
            kind=Notice.Kind.RECEIPT,
            key=f"receipt:{key}",
            channel=wish.contact.channel,
            reader=wish.by,
            address=wish.contact.mail if wish.contact.channel == Notice.Channel.MAIL else "",
            facts={**facts, **reference},
        )
        write_notice(person=person, new=new, at=at)
    tell_other_parent(person=person, wish=wish, key=key, facts=facts, at=at)


def tell_other_parent(*, person: EligiblePerson, wish: Wish, key: str, facts: Mapping[str, str], at: datetime) -> None:
    """Word to the other known representatives of a child (SPA-43); nothing where no parent spoke."""
    if wish.capacity != Capacity.PARENT:
        return
    others = (other for other in representatives_of(person) if wish.by is None or other.pk != wish.by.pk)
    new = NewNotice(kind=Notice.Kind.OTHER_PARENT, key=f"other:{key}", channel=_POST, facts=facts)
    _write(person, others, new, at)


def tell_conflict(*, person: EligiblePerson, conflict: Conflict, readers: Iterable[InsIdentity], at: datetime) -> None:
    """Each of the two learns that the opening waits for an operator, neither who the other one is (O-08)."""
    facts = {"conflict": str(conflict.pk)}
    new = NewNotice(kind=Notice.Kind.CONFLICT, key=f"conflict:{conflict.pk}", channel=_POST, facts=facts)
    _write(person, readers, new, at)


def tell_decision(*, person: EligiblePerson, conflict: Conflict, readers: Iterable[InsIdentity], at: datetime) -> None:
    """Each of the two learns what was decided (decisions.md 7)."""
    facts = {"conflict": str(conflict.pk), "act": f"decided-{conflict.outcome}"}
    new = NewNotice(kind=Notice.Kind.CONFLICT, key=f"decided:{conflict.pk}", channel=_POST, facts=facts)
    _write(person, readers, new, at)


_POST = Notice.Channel.POST


def _write(person: EligiblePerson, readers: Iterable[InsIdentity], new: NewNotice, at: datetime) -> None:
    """One notice a reader, by the way that the register has for them; whoever is not in it has no address known."""
    wanted = {reader.pk for reader in readers}
    for row in EligiblePerson.objects.filter(pk__in=wanted).select_related("identity").order_by("pk"):
        reader = None if row.pk == person.pk else row.identity
        channel = Notice.Channel.MAIL if row.channel == EligiblePerson.Channel.MAIL else _POST
        one = NewNotice(kind=new.kind, key=new.key, channel=channel, reader=reader, facts=new.facts)
        write_notice(person=person, new=one, at=at)
