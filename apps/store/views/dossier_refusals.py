"""Why an act on a dossier was not done, in words for its publisher: who was quicker and when, what is missing (S34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from apps.access import AccessDeniedError
from apps.store import reasons
from apps.store.models import Member
from apps.store.services.errors import (
    ChangedError,
    GuardError,
    LockedError,
    NoMandateError,
    SamePersonError,
    TransitionRefusedError,
    UnfinishedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.services.evidence_files import FileFault, FileRefusedError
from apps.store.views import act_page
from apps.ui import outcome
from apps.ui.forms import EnsForm
from apps.ui.outcome import Outcome
from apps.ui.words import moment

REFUSED = (
    AccessDeniedError, ChangedError, GuardError, LockedError, NoMandateError, SamePersonError, TransitionRefusedError,
    UnfinishedError, WrongValueError,
)  # fmt: skip


def attempt(act: Callable[[], object]) -> Exception | None:
    """Do it. Returns why not, None when it is done; what does not exist for this member is a 404."""
    try:
        act()
    except UnknownRowError as error:
        raise Http404 from error
    except REFUSED as error:
        return error
    return None


def tell(request: HttpRequest, error: Exception, *, publisher_id: UUID) -> None:
    """For the next page."""
    title, detail = words_of(error, publisher_id=publisher_id)
    outcome.tell(request, Outcome(title=title, detail=detail, level=messages.WARNING))


def say(form: EnsForm, error: Exception, *, publisher_id: UUID) -> None:
    """Above the form: what was typed stays on the page."""
    title, detail = words_of(error, publisher_id=publisher_id)
    form.add_error(None, f"{title}. {detail}")


def say_of_service(form: EnsForm, error: Exception, *, publisher_id: UUID, at: datetime) -> None:
    """The same about a referenced service, beside the field where there is one."""
    if isinstance(error, (ChangedError, AccessDeniedError)):
        say(form, error, publisher_id=publisher_id)
    else:
        act_page.say(form, error, at=at)


def words_of(error: Exception, *, publisher_id: UUID) -> tuple[str, str]:
    """Title and explanation. Nothing was changed in any of these cases."""
    match error:
        case ChangedError():
            return changed_words(error, publisher_id=publisher_id), _("Nothing was overwritten. Look at it again.")
        case GuardError():
            return _("This cannot be sent yet"), " ".join(str(reasons.GUARDS[code]) for code in error.missing)
        case AccessDeniedError():
            detail = _("Your roles in the organisation do not allow it, or have changed. Ask your administrator.")
            return _("You may not do this"), detail
        case NoMandateError():
            detail = _("Only a signatory whose mandate is valid may do this. See the page of the organisation.")
            return _("No valid mandate"), detail
        case UnfinishedError() | WrongValueError():
            return _("This could not be done"), wrong_words(error)
        case _:
            return _("This is not possible any more"), _("The dossier has moved on since you opened the page.")


def changed_words(error: ChangedError, *, publisher_id: UUID) -> str:
    """« Modified by Pia Lormont on … at … », with the name of a colleague, never that of a member of the staff."""
    return _("Modified by %(who)s %(moment)s") % {
        "who": who_is(error.actor, publisher_id=publisher_id),
        "moment": moment(error.at),
    }


def who_is(actor: str, *, publisher_id: UUID) -> str:
    """A colleague by name, the team of the assessment, or the portal."""
    try:
        user_id = UUID(actor)
    except ValueError:
        return _("the portal")
    member = Member.objects.filter(user_id=user_id, publisher_id=publisher_id).order_by("-started_at", "-id").first()
    return member.name if member is not None else _("the assessment team")


def wrong_words(error: UnfinishedError | WrongValueError) -> str:
    """By field and reason."""
    if isinstance(error, UnfinishedError):
        return _("Another dossier of this service is open: bring it to its end or give it up first.")
    known = {
        ("door", "closed"): _("The dossier takes no files now: they are added while something is asked for."),
        ("door", "sent"): _("This piece was sent with the dossier: it can be replaced, not changed or taken away."),
        ("valid_until", "missing"): _("Give the day on which the new certificate ends."),
        ("request", "closed"): _("Nothing is asked for any more: the answer was sent, or the term is over."),
        ("term", "over"): _("The term is over: answers could be sent until midnight of its last day."),
        ("evidence", "missing"): _("Join at least one piece of evidence."),
        ("evidence", "unknown"): _("A piece of evidence that you chose is not in the dossier any more."),
        ("text", "length"): _("Write an answer, not longer than the page says."),
        ("text", "nothing-to-contest"): _("This result is not against you: there is nothing to contest."),
        ("remedy", "used"): _("An appeal was filed already."),
        ("remedy", "late"): _("The two months for an appeal are over."),
        ("remedy", "none"): _("There is no decision to appeal against."),
        ("listing", "over"): _(
            "This service has left the catalogue, or is about to: begin a dossier under another name."
        ),
        ("document_hash", "other-document"): _("The document is not the one that you were shown. Nothing was signed."),
    }
    return known.get((error.field, error.reason), _("What you sent does not fit. Nothing was kept."))


def file_words(error: FileRefusedError) -> str:
    """Why a file was not taken, and what to do."""
    known = {
        FileFault.EMPTY: _("This file is empty."),
        FileFault.TOO_LARGE: _("This file is larger than 20 MB."),
        FileFault.MACROS: _("This workbook holds macros. Save it as a workbook without macros."),
        FileFault.NO_PICTURE: _("A logo or a screenshot is a PNG or JPEG picture. SVG is not accepted."),
        FileFault.TOO_MANY: _("The dossier holds 200 pieces already: take one out first."),
        FileFault.TOO_OFTEN: _("Your organisation has sent too many files for now: try again in an hour, or tomorrow."),
        FileFault.KIND: _(
            "This kind of file is not accepted: send a PDF, a PNG or JPEG picture, a CSV or an XLSX table."
        ),
    }
    return known[error.fault]
