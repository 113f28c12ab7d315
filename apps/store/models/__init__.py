from __future__ import annotations

from apps.store.models.answers import Answer, ConsentText, Evidence, Sheet
from apps.store.models.candidacies import (
    Candidacy,
    CandidacyEvent,
    CandidacyStep,
    ClockInterval,
    ConflictDeclaration,
    ReviewerTie,
    Service,
)
from apps.store.models.commission import AgendaItem, CommissionMember, Presence, Session, Vote
from apps.store.models.decisions import Agreement, Appeal, Decision, Signature
from apps.store.models.listings import Declaration, Listing, ListingEvent, Report
from apps.store.models.mails import Mail
from apps.store.models.pictures import Picture
from apps.store.models.publishers import AddressProof, JoinRequest, Member, Publisher
from apps.store.models.review import AdmissibilityItem, Judgement, Message, Request, RequestItem, Reservation
from apps.store.models.snapshots import Snapshot
from apps.store.models.waiting import done_by

__all__ = [
    "AddressProof",
    "AdmissibilityItem",
    "AgendaItem",
    "Agreement",
    "Answer",
    "Appeal",
    "Candidacy",
    "CandidacyEvent",
    "CandidacyStep",
    "ClockInterval",
    "CommissionMember",
    "ConflictDeclaration",
    "ConsentText",
    "Decision",
    "Declaration",
    "Evidence",
    "JoinRequest",
    "Judgement",
    "Listing",
    "ListingEvent",
    "Mail",
    "Member",
    "Message",
    "Picture",
    "Presence",
    "Publisher",
    "Report",
    "Request",
    "RequestItem",
    "Reservation",
    "ReviewerTie",
    "Service",
    "Session",
    "Sheet",
    "Signature",
    "Snapshot",
    "Vote",
    "done_by",
]
