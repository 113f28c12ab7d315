"""Who acts. Built once a request from the space in the URL, or by a job; policies read it and ask no query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """In which capacity somebody acts in a space (SPA-56: always with their own identity)."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    DELEGATE = "delegate"
    PROFESSIONAL = "professional"
    PUBLISHER = "publisher"
    STAFF = "staff"
    SYSTEM = "system"
    NOBODY = "nobody"


class Purpose(StrEnum):
    """Why a space is entered. Codes of the DMP's access modes: normal, bris de glace, centre 15 (IDN-53)."""

    CARE = "NORMAL"
    BREAK_GLASS = "BTG"
    EMERGENCY_CALL = "ETREAT"
    OWN = "OWN"
    REPRESENTATION = "REPRESENTATION"
    DELEGATION = "DELEGATION"
    OPERATION = "OPERATION"

    @property
    def is_emergency(self) -> bool:
        return self in {Purpose.BREAK_GLASS, Purpose.EMERGENCY_CALL}


class Section(StrEnum):
    """A part of a space that a delegation opens or leaves out (SPA-55); values stand in rows and forms.

    A section enters with its pages.
    """

    DOCUMENTS = "documents"
    MESSAGES = "messages"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the space grants this actor at the instant of the request.

    `consent_until`: end of a care-team or single consent, `datetime.max` when open-ended, None without consent
    (ACC-01..03).
    `rights_until`: end of a representation or delegation. `readable_types`: document type codes that the matrix
    opens to
    the profession (ACC-06, ACC-09), with `matrix_version`. The three switches are those of ACC-20. `readable` and
    `manageable`: sections that a delegation opens, managing includes reading (SPA-55).
    """

    space_open: bool = False
    consent_until: datetime | None = None
    rights_until: datetime | None = None
    blocked: bool = False
    administrator: bool = False
    break_glass_allowed: bool = False
    emergency_call_allowed: bool = False
    masked_in_emergency: bool = False
    readable_types: frozenset[str] = field(default_factory=frozenset)
    matrix_version: str = ""
    readable: frozenset[Section] = field(default_factory=frozenset)
    manageable: frozenset[Section] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person or system behind an act.

    `user_id`: `accounts.User.id`. `space_id`: space of the URL, None outside spaces. `national_id`: IdNat of a
    professional,
    `8` + RPPS (DMP-23). `organisation_id`: Struct_IdNat. `level`: acr of the sign-in (`eidas1`..`eidas3`). `at`:
    instant
    against which every end of a right is compared (SEC-04). `staff_roles`: what a member of the staff does for the
    operator at that instant (SEC-15).
    """

    role: Role
    at: datetime
    user_id: UUID | None = None
    space_id: UUID | None = None
    purpose: Purpose = Purpose.OPERATION
    level: str = ""
    national_id: str = ""
    organisation_id: str = ""
    profession: str = ""
    reason: str = ""
    staff_roles: frozenset[str] = frozenset()
    rights: Rights = field(default_factory=Rights)

    @property
    def is_holder_side(self) -> bool:
        return self.role in {Role.HOLDER, Role.REPRESENTATIVE, Role.DELEGATE}

    @property
    def has_current_right(self) -> bool:
        """A representation or delegation that has not ended at `at`; holders need none."""
        if self.role is Role.HOLDER:
            return True
        return self.rights.rights_until is not None and self.at < self.rights.rights_until

    def reads(self, section: Section) -> bool:
        """Whether the section is open to somebody of the holder's side: always, but for what a delegation leaves out
        (SPA-55).
        """
        if self.role is Role.DELEGATE:
            return section in self.rights.readable | self.rights.manageable
        return self.is_holder_side

    def manages(self, section: Section) -> bool:
        """The same for adding, changing and hiding."""
        return section in self.rights.manageable if self.role is Role.DELEGATE else self.is_holder_side

    @property
    def has_consent(self) -> bool:
        return self.rights.consent_until is not None and self.at < self.rights.consent_until

    @property
    def emergency_allowed(self) -> bool:
        """Emergency purpose that the holder has not refused beforehand (ACC-20)."""
        match self.purpose:
            case Purpose.BREAK_GLASS:
                return self.rights.break_glass_allowed
            case Purpose.EMERGENCY_CALL:
                return self.rights.emergency_call_allowed
            case _:
                return False


# For jobs and commands: acts for the operator, in no space, with no rights of its own.
SYSTEM = Actor(role=Role.SYSTEM, at=datetime.min.replace(tzinfo=UTC))
