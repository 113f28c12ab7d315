"""What tests of dossiers write: whole drafts, forms as browsers send them back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from apps.common.ids import uuid7
from apps.files.models import StoredFile, Vault
from apps.store import subjects
from apps.store.models import AddressProof, Candidacy, ConsentText, Member
from tests.harness.clock import NOON
from tests.store import factories

LIST = "/editeurs/candidatures/"
CONSENT = {
    "need": "Suivre le souffle.", "access": "L'équipe soignante, après authentification.", "retention": "24 mois",
    "security": "Chiffrement au repos.", "text": "Nous lisons vos mesures pour préparer votre consultation.",
}  # fmt: skip


def page_of(candidacy: Candidacy, rest: str = "") -> str:
    return f"{LIST}{candidacy.id}/{rest}"


def mandated(of: Member, *, state: StoredFile.State = StoredFile.State.CLEAN) -> Member:
    """Give a member a mandate whose file is stored in that state."""
    vault, _new = Vault.objects.get_or_create(
        owner_kind=Vault.Owner.ORGANISATION, owner_id=of.publisher_id, defaults={"wrapped_key": b"x"}
    )
    stored = StoredFile.objects.create(
        vault=vault, object_name=uuid7().hex, size=900, sha256="1" * 64, media_type="application/pdf", state=state,
        received_at=NOON, scanned_at=None if state == StoredFile.State.WAITING else NOON,
    )  # fmt: skip
    of.mandate_vault_id, of.mandate_file_id = vault.id, stored.id
    of.save()
    return of


def confirmed(of: Member, *, at: datetime | None = NOON) -> Member:
    """Somebody has opened the link that was sent to the contact address; `at` None: not yet."""
    AddressProof.objects.create(
        publisher=of.publisher, email=of.publisher.contact_email, key_hash=uuid7().hex, asked_by=of.user,
        asked_at=NOON, ends_at=NOON + timedelta(hours=48), confirmed_at=at,
    )  # fmt: skip
    return of


def consent_text(of: Candidacy, category: str = "mesures", direction: str = "read", **values: Any) -> ConsentText:
    return ConsentText.objects.create(
        candidacy=of, category=category, direction=direction, written_by=of.created_by, written_at=NOON,
        **{**CONSENT, **values},
    )  # fmt: skip


def whole(by: Member, **values: Any) -> Candidacy:
    """A draft that may be sent: answers, page, and files where criteria want them."""
    made = factories.candidacy(by=by, **values)
    factories.answered(made)
    factories.sheet(made)
    codes = sorted(criterion.code for criterion in subjects.criteria_of(made) if criterion.code in subjects.NEEDS_FILE)
    factories.evidence(made, criteria=codes, title="Preuves")
    if made.exchange != "none":
        consent_text(made)
    return made


def later(hours: float) -> Any:
    return NOON + timedelta(hours=hours)


def form_in(response: Any) -> dict[str, Any]:
    """What a browser would send back of the form of a page, nothing changed."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", main):
        name, kind = _value(tag, "name"), _value(tag, "type") or "text"
        if not name or name == "csrfmiddlewaretoken" or (kind in {"radio", "checkbox"} and " checked" not in tag):
            continue
        said = _value(tag, "value") or ("on" if kind == "checkbox" else "")
        if kind == "checkbox" and name in sent:
            sent[name] = [*(sent[name] if isinstance(sent[name], list) else [sent[name]]), said]
        else:
            sent[name] = said
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', main, re.DOTALL):
        sent[name] = unescape(text).removeprefix("\n").replace("\n", "\r\n")
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent


def _value(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""
