"""PU-11: what is editorial on the public page changes at once; the rest needs an amendment (STO-44)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store.forms.sheet import SheetForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Listing, Member
from apps.store.policies import may_act_for
from apps.store.services import declaring, sheets
from apps.store.services.errors import ChangedError
from apps.store.states.listing import ACTIVE
from apps.store.views import act_page, dossier_refusals, sheet_words
from apps.store.views.dossiers import Theirs, with_values
from apps.store.views.organisation import refused


class EditorialForm(SheetForm):
    """The fields of the page that no assessor has to look at again."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {*declaring.EDITORIAL, "seen"}:
            del self.fields[name]

    def contents(self) -> dict[str, object]:
        """What was typed; only after `is_valid`."""
        return {name: self.cleaned_data[name] for name in declaring.EDITORIAL}


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def published_page(request: PublisherRequest, listing_id: UUID) -> HttpResponse:
    """The form with what the page says now; when a colleague was quicker, what was typed stays."""
    rows = Listing.objects.visible_to(request.actor).select_related("service")
    listing = rows.filter(pk=listing_id).first()
    if listing is None or (request.method != "POST" and listing.status not in ACTIVE):
        raise Http404
    if request.method != "POST" and not may_act_for(request.actor, request.member, Member.Role.TECHNICAL):
        return refused(request, Member.Role.TECHNICAL)
    shown = declaring.shown_sheet(listing)
    now, error, theirs = timezone.now(), None, None
    initial = {name: getattr(shown, name) for name in declaring.EDITORIAL} | {"seen": shown.version}
    form = EditorialForm(act_page.data_of(request), initial=initial)
    if form.is_valid():
        contents, version = form.contents(), form.version()
        error = dossier_refusals.attempt(
            lambda: declaring.change_page(
                actor=request.actor, listing_id=listing.pk, contents=contents, version=version, at=now
            )
        )
        if error is None:
            told = _("The catalogue shows it at once. The former page is kept.")
            return act_page.done(request, _("Public page changed"), told, "store:published_service", listing.pk)
        dossier_refusals.say_of_service(form, error, publisher_id=listing.publisher_id, at=now)
        if isinstance(error, ChangedError):
            theirs = _theirs(listing, form, error)
            form.data = with_values(request.POST, seen=str(shown.version))  # a second sending is meant
    context = {"listing": listing, "theirs": theirs}
    return act_page.show(request, "store/published_page.html", form=form, context=context, error=error)


def _theirs(listing: Listing, form: EditorialForm, error: ChangedError) -> Theirs:
    """What a colleague has published meanwhile, where it differs from what was typed (S34)."""
    shown = declaring.shown_sheet(listing)
    pairs = sheet_words.differences(shown, {**sheets.contents_of(shown), **form.contents()})
    return Theirs(said=dossier_refusals.changed_words(error, publisher_id=listing.publisher_id), pairs=pairs)
