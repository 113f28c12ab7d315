"""Plays the story of the demonstration by really calling the services that professionals use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from apps.access import Actor, Rights, Role
from apps.dmp import services as dmp
from apps.files import jobs
from apps.files.gateways.base import scanner
from apps.journeys.demonstration.documents import build
from apps.journeys.demonstration.documents.catalogue import by_key
from apps.journeys.demonstration.professionals import professional
from apps.journeys.demonstration.story import Act
from apps.spaces import services as spaces
from apps.spaces.services import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`spaces`: id of the space of each holder of the cast; `documents` fills with what was deposited."""

    today: date
    spaces: Mapping[str, UUID]
    documents: dict[str, UUID] = field(default_factory=dict)

    def play(self, acts: Iterable[Act]) -> None:
        """Each act at its own time. Raises what the services raise: a demonstration that fails must not look loaded."""
        ways: dict[str, Callable[[Act], None]] = {
            "administrator": self._administrator,
            "consent": self._consent,
            "deposit": self._deposit,
            "reading": self._reading,
        }
        for act in acts:
            ways[act.kind](act)

    def _administrator(self, act: Act) -> None:
        holder = Actor(role=Role.SYSTEM, at=act.at, space_id=self.spaces[act.holder], rights=Rights(space_open=True))
        spaces.name_administrator(
            actor=holder,
            national_id=professional(act.professional).national_id,
            is_declared_gp=act.declared_gp,
            at=act.at,
        )

    def _consent(self, act: Act) -> None:
        spaces.declare_consent(visit=self._visit(act), ends_at=None, at=act.at)

    def _deposit(self, act: Act) -> None:
        document = by_key(act.document)
        labels = frozenset(dmp.Visibility(code) for code in document.visibility)
        deposit = dmp.Deposit(data=build(document, today=self.today), visibility=labels)
        row = dmp.deposit_document(actor=self._actor(act), deposit=deposit, at=act.at)
        jobs.scan(vault_id=row.vault_id, file_id=row.file_id, scanner=scanner(), at=act.at)
        self.documents[act.document] = row.id

    def _reading(self, act: Act) -> None:
        dmp.open_document(actor=self._actor(act), document_id=self.documents[act.document], at=act.at)

    def _actor(self, act: Act) -> Actor:
        return spaces.professional_actor(visit=self._visit(act), at=act.at)

    def _visit(self, act: Act) -> Visit:
        one = professional(act.professional)
        return Visit(
            space_id=self.spaces[act.holder],
            national_id=one.national_id,
            organisation_id=one.structures[0].national_id,
            purpose=act.purpose,
            reason=act.reason,
        )
