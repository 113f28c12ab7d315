"""M-01 and M-02: conversations, newest first; one conversation with its messages, oldest first, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.access import Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.formats.mail.subjects import without_traits
from apps.mss.models import Attachment, Correspondent, Draft, Message, Thread
from apps.mss.services import reading
from apps.mss.services.outgoing import Delivery, deliveries, stalled
from apps.mss.services.senders import Origin, origins
from apps.mss.views import folders
from apps.mss.views.rows import NO_FILES, Files, files_of
from apps.mss.views.texts import Texts
from apps.mss.views.writing_part import answer_part
from apps.mss.views.writing_words import AGAIN, CANNED
from apps.spaces.entry import SpaceRequest
from apps.ui.components import SearchBar

THREADS_A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One conversation of the list; `names` of the boxes that take part; the subject without the holder's traits, which
    others may see over the shoulder (MSS-32).
    """

    thread: Thread
    names: str
    subject: str
    has_draft: bool
    has_files: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message of the page; `text` is opened, None where it cannot be; `writer` in words; `origin` of what others
    wrote; `names` of several receivers (MSS-26); `has_original`: it can be had as it came.
    """

    message: Message
    writer: str
    text: str | None
    deliveries: tuple[Delivery, ...]
    origin: Origin | None
    files: Files
    has_original: bool
    names: str


# No HEAD: a delegate's would leave a line in the history for a list that nobody has seen.
@require_http_methods(["GET", "POST"])
def thread_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """One folder, or what a search found; the words of a search stay in the session (SEC-16)."""
    if request.method == "POST":
        return _search(request, space_id)
    words = folders.kept_words(request, space_id, request.GET.get("recherche", ""))
    folder = folders.folder_of(request.GET.get("dossier", ""))
    actor = request.actor
    rows = folders.found(actor=actor, words=words) if words else folders.in_folder(actor=actor, folder=folder)
    page = Paginator(rows, THREADS_A_PAGE).get_page(request.GET.get("page"))
    if actor.role is Role.DELEGATE:
        record(actor=actor, at=actor.at, line=Line(action="mss.list.read"))
    context = {
        "page": page,
        "lines": _lines(request, list(page)),
        "folder": "" if words else folder,
        "tabs": folders.tabs(actor=actor),
        "search": SearchBar(name="q", label=_("Search for a message"), value=words),
        "words": words,
        "address": _address(request),
        "stalled": stalled(actor=actor),
        "may_write": "messages" in request.space_view.manages,
        "space": request.space_view,
    }
    return render(request, "mss/thread_list.html", context)


@require_http_methods(["GET"])  # no HEAD: it would mark as read what nobody has seen
def thread_detail(request: SpaceRequest, space_id: UUID, thread_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    """Opening a conversation marks it read and leaves one line (MSS-35)."""
    try:
        thread = reading.open_thread(actor=request.actor, thread_id=thread_id, at=timezone.now())
    except reading.ThreadNotFoundError as error:
        raise Http404 from error
    shown = _shown(request, thread)
    answer = answer_part(request, thread) if thread.binned_at is None else None
    context = {
        "thread": thread,
        "messages_shown": shown,
        "last_id": shown[-1].message.id if shown else None,
        "answer": answer,
        "again_url": _again_url(thread) if answer is not None and answer.may_be_begun else "",
        "may_manage": "messages" in request.space_view.manages,
        "space": request.space_view,
    }
    return render(request, "mss/thread_detail.html", context)


def _again_url(thread: Thread) -> str:
    """An answer that asks for a file in another form."""
    return f"{reverse('mss:reply', args=[thread.space_id, thread.id])}?{CANNED}={AGAIN}"


def _search(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    token = folders.keep_words(request, space_id, request.POST.get("q", ""))
    address = reverse("mss:thread_list", args=[space_id])
    return redirect(f"{address}?recherche={token}" if token else address)


def _address(request: SpaceRequest) -> str:
    """For the holder and those who represent them alone: it holds the number (MSS-11)."""
    if request.actor.role not in {Role.HOLDER, Role.REPRESENTATIVE}:
        return ""
    identity = InsIdentity.objects.filter(space__id=request.space_view.space_id).first()
    if identity is None:
        return ""
    return f"{identity.ins_number}{identity.ins_key}@{settings.MSS_PATIENT_DOMAIN}"


def _lines(request: SpaceRequest, threads: list[Thread]) -> list[ThreadLine]:
    ids = [thread.id for thread in threads]
    boxes = Correspondent.objects.visible_to(request.actor).filter(messages__thread_id__in=ids)
    names: dict[UUID, list[str]] = {}
    pairs = boxes.values_list("messages__thread_id", "display_name").annotate(Count("id"))
    for thread_id, name, _number in pairs.order_by("display_name"):
        names.setdefault(thread_id, []).append(name)
    drafts = set(Draft.objects.visible_to(request.actor).filter(thread_id__in=ids).values_list("thread_id", flat=True))
    files = Attachment.objects.visible_to(request.actor).filter(message__thread_id__in=ids, parent_id=None)
    with_files = set(files.values_list("message__thread_id", flat=True))
    holder = [request.space_view.holder_name]
    return [
        ThreadLine(
            thread=thread,
            names=", ".join(names.get(thread.id, [])),
            subject=without_traits(thread.subject, holder) or _("No subject"),
            has_draft=thread.id in drafts,
            has_files=thread.id in with_files,
        )
        for thread in threads
    ]


def _shown(request: SpaceRequest, thread: Thread) -> list[Shown]:
    rows = (
        Message.objects.visible_to(request.actor)
        .filter(thread_id=thread.id)
        .select_related("author__identity")
        .order_by("received_at", "id")
    )
    messages, texts = list(rows), Texts(thread.space_id)
    ids = {each.correspondent_id for each in messages if each.correspondent_id}
    boxes = {box.id: box for box in Correspondent.objects.visible_to(request.actor).filter(id__in=ids)}
    known = origins(actor=request.actor, boxes=boxes.values())
    message_ids = [each.id for each in messages]
    told = deliveries(actor=request.actor, message_ids=message_ids)
    came = files_of(actor=request.actor, message_ids=message_ids)
    originals = reading.originals_of(actor=request.actor, thread_id=thread.id)
    return [
        Shown(
            message=each,
            writer=_writer(request, each, boxes.get(each.correspondent_id) if each.correspondent_id else None),
            text=texts.of(each),
            deliveries=tuple(told.get(each.id, ())),
            origin=_origin(each, known),
            files=came.get(each.id, NO_FILES),
            has_original=each.id in originals,
            names=_names(each),
        )
        for each in messages
    ]


def _names(message: Message) -> str:
    names = [str(each["name"]) for each in message.recipients]
    return ", ".join(names) if len(names) > 1 else ""


def _origin(message: Message, known: Mapping[UUID, Origin]) -> Origin | None:
    if message.direction != Message.Direction.RECEIVED or message.correspondent_id is None:
        return None
    return known.get(message.correspondent_id)


def _writer(request: SpaceRequest, message: Message, box: Correspondent | None) -> str:
    """Who wrote it; of the holder's side by their own name (MSS-14)."""
    if message.direction == Message.Direction.RECEIVED:
        return box.display_name if box is not None else _("Unknown sender")
    if message.author_id == request.actor.user_id:
        return _("You")
    identity = message.author.identity if message.author is not None else None
    return identity.display_name if identity is not None else _("Somebody who writes in this space")
