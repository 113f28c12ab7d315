"""H-02: notices of the person in the space they are in; reading, marking, undoing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.notifications import services
from apps.notifications.views.lines import lines_of, target_of
from apps.notifications.views.requests import CentreRequest
from apps.notifications.words import count_in_words, unread_in_words
from apps.ui import outcome
from apps.ui.outcome import Outcome

LINES_A_PAGE = 20
UNREAD = "non-lues"
_SUBJECTS = ("espace", "compte")
_MARKED_AT = "notices_marked_at"  # in the session: what « undo » takes back


@require_safe
def center(request: CentreRequest, space_id: UUID) -> HttpResponse:
    """All notices, or those that are unread, of the space or of the account."""
    mine = services.notices_of(request.actor)
    only_unread, subject = request.GET.get("etat") == UNREAD, request.GET.get("sujet", "")
    found = mine.unread() if only_unread else mine
    found = found.about(subject, space_id=space_id) if subject in _SUBJECTS else found
    page = Paginator(found.newest_first(), LINES_A_PAGE).get_page(request.GET.get("page"))
    unread = mine.unread().count()
    context = {
        "page": page,
        "lines": lines_of(notices=list(page.object_list), actor=request.actor),
        "count_in_words": count_in_words(page.paginator.count),
        "unread": unread,
        "unread_in_words": unread_in_words(unread),
        "only_unread": only_unread,
        "subject": subject if subject in _SUBJECTS else "",
        "space_id": space_id,
    }
    return render(request, "notifications/center.html", context)


@require_safe
def open_notice(request: CentreRequest, space_id: UUID, notice_id: UUID) -> HttpResponse:
    """Go to what the notice is about; it is read then."""
    try:
        notice = services.mark_read(actor=request.actor, notice_id=notice_id, at=timezone.now())
    except services.NoticeNotFoundError as error:
        raise Http404 from error
    return redirect(target_of(notice=notice, space_id=space_id))


@require_POST
def mark(request: CentreRequest, space_id: UUID, notice_id: UUID) -> HttpResponse:
    """Read or unread again, without opening."""
    wants_unread = request.POST.get("etat") == UNREAD
    try:
        if wants_unread:
            services.mark_unread(actor=request.actor, notice_id=notice_id)
        else:
            services.mark_read(actor=request.actor, notice_id=notice_id, at=timezone.now())
    except services.NoticeNotFoundError as error:
        raise Http404 from error
    title = _("Notification marked as unread") if wants_unread else _("Notification marked as read")
    outcome.tell(request, Outcome(title=title))
    return redirect("notifications:center", space_id)


@require_POST
def mark_all(request: CentreRequest, space_id: UUID) -> HttpResponse:
    now = timezone.now()
    count = services.mark_all_read(actor=request.actor, at=now)
    if count:
        request.session[_MARKED_AT] = now.isoformat()
        said = ngettext("%(count)s notification marked as read", "%(count)s notifications marked as read", count)
        undo = reverse("notifications:unmark_all", args=[space_id])
        outcome.tell(request, Outcome(title=said % {"count": count}, link_url=undo, link_label=_("Undo")))
    return redirect("notifications:center", space_id)


@require_http_methods(["GET", "HEAD", "POST"])
def unmark_all(request: CentreRequest, space_id: UUID) -> HttpResponse:
    """Take « mark all as read » back; asked first, because a link brings people here."""
    marked_at = request.session.get(_MARKED_AT)
    if marked_at is None:
        return redirect("notifications:center", space_id)
    if request.method != "POST":
        return render(request, "notifications/unmark_all.html", {"space_id": space_id})
    services.undo_mark_all(actor=request.actor, marked_at=datetime.fromisoformat(marked_at))
    del request.session[_MARKED_AT]
    outcome.tell(request, Outcome(title=_("Notifications marked as unread again")))
    return redirect("notifications:center", space_id)
