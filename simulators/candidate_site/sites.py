"""Which sites there are: name, certificate, versions of TLS, pages, what they answer in clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from simulators.candidate_site import interfaces, papers
from simulators.candidate_site.answers import MISSING, Answer, page, plain, redirect, text_of
from simulators.candidate_site.certificates import Kind
from simulators.candidate_site.hostile import hostile

DOMAIN = "service-demo.example"
GOOD, MIDDLING, BAD, HOSTILE = (f"{name}.{DOMAIN}" for name in ("bon", "moyen", "mauvais", "hostile"))
TRACKER, ANALYTICS = "mesure.traceur-inconnu.example", "www.google-analytics.com"
REDIRECTS, METADATA = "redirige.example.test", "http://169.254.169.254/"
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
STRICT = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
LOOSE = {
    "Strict-Transport-Security": "max-age=86400",
    "Content-Security-Policy": "script-src 'self' 'unsafe-inline' https:",
    "X-Content-Type-Options": "nosniff",
}


class Clear(Enum):
    """What the port without TLS answers."""

    REDIRECT = "redirect"
    TEMPORARY = "temporary"
    SERVES = "serves"
    ABSENT = "absent"
    CLOSED = "closed"


class Tls(Enum):
    """Which versions are spoken."""

    MODERN = "modern"
    OLD_TOO = "old-too"
    OLD_ONLY = "old-only"
    SILENT = "silent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`addresses`: instead of a global one of its own, for names that lead elsewhere."""

    host: str
    what: str
    certificate: Kind = Kind.GOOD
    tls: Tls = Tls.MODERN
    clear: Clear = Clear.REDIRECT
    pages: Mapping[str, Answer] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=lambda: STRICT)
    missing: Answer = MISSING
    addresses: tuple[str, ...] = ()


def all_sites(today: date) -> tuple[Site, ...]:
    """Every site; dates in their pages are counted from `today`."""
    return (_good(today), _middling(today), _bad(today), _hostile(), *_connections(), *_insiders(), *_third_parties())


def _good(today: date) -> Site:
    ends = today + timedelta(days=200)
    pages = {
        "/": page("Carnet Tension", text_of("home.html")),
        "/style.css": plain(text_of("style.css"), media_type="text/css; charset=utf-8"),
        **papers.legal(),
        "/accessibilite": papers.statement(GOOD, today, rate="92"),
        "/.well-known/security.txt": security_txt(ends),
        **interfaces.fhir(),
        **interfaces.openid(GOOD),
    }
    return Site(host=GOOD, what="tout est en ordre", pages=pages)


def _middling(today: date) -> Site:
    script = f'<script src="https://{TRACKER}/t.js"></script>'
    pages = {
        "/": page("Carnet Tension", text_of("home.html"), head=script),
        "/mentions-legales": redirect("/"),
        "/cgu": page("Conditions", "<p>Le service est gratuit pour tous et pour toujours.</p>"),
        "/confidentialite": papers.english(),
        "/accessibilite": papers.statement(MIDDLING, today, rate="60"),
        "/accessibilite-ancienne": papers.old_statement(MIDDLING, today),
        "/accessibilite-sans-taux": papers.statement(MIDDLING, today, rate=""),
        "/style.css": plain(text_of("style.css"), media_type="text/css; charset=utf-8"),
    }
    return Site(
        host=MIDDLING, what="rien de grave, beaucoup à regarder", pages=pages, headers=LOOSE, clear=Clear.TEMPORARY
    )


def _bad(today: date) -> Site:
    pages = {
        "/": Answer(body=text_of("bad_home.html").encode()),
        "/mentions-legales": Answer(body=b""),
        "/cgu": Answer(body=b"<!doctype html><title>CGU</title><body></body>"),
        "/accessibilite": papers.statement(BAD, today, rate="41", state="non"),
        "/.well-known/security.txt": security_txt(today - timedelta(days=9)),
        "/compte": Answer(status=403),
        "/panne": Answer(status=503),
    }
    return Site(host=BAD, what="presque tout est à refaire", pages=pages, headers={}, clear=Clear.SERVES)


def _hostile() -> Site:
    pages = {"/": page("Carnet Tension", text_of("home.html")), **hostile(HOSTILE)}
    return Site(host=HOSTILE, what="cherche à nuire à qui le visite", pages=pages)


def _connections() -> tuple[Site, ...]:
    """Sites that differ in how they are reached."""
    contact = security_txt(date(2036, 1, 1), contact="securite (arobase) service-demo.example")
    home = {"/": page("Carnet Tension", text_of("home.html")), "/.well-known/security.txt": contact}
    closed = Clear.CLOSED

    def site(name: str, what: str, certificate: Kind = Kind.GOOD, tls: Tls = Tls.MODERN, **more: object) -> Site:
        return Site(host=f"{name}.{DOMAIN}", what=what, certificate=certificate, tls=tls, pages=home, **more)  # type: ignore[arg-type]  # fields by name

    return (
        site("expire", "certificat périmé depuis trois jours", Kind.EXPIRED),
        site("autre-nom", "certificat d'un autre nom", Kind.OTHER_NAME),
        site("auto-signe", "certificat signé par lui-même", Kind.SELF_SIGNED),
        site("bientot", "certificat qui finit dans douze jours", Kind.SOON),
        site("ancien", "accepte encore TLS 1.0 et 1.1", tls=Tls.OLD_TOO),
        site("tres-ancien", "ne parle que TLS 1.0 et 1.1", tls=Tls.OLD_ONLY),
        site("en-clair", "pas de TLS du tout", Kind.NONE, clear=Clear.SERVES),
        site("ferme", "personne ne répond", tls=Tls.CLOSED, clear=closed),
        site("muet", "accepte la connexion et se tait", Kind.NONE, tls=Tls.SILENT, clear=closed),
        site("sans-http", "port 80 fermé", clear=closed),
        site("sans-renvoi", "pas de renvoi vers HTTPS", clear=Clear.ABSENT),
        site("sans-hsts", "pas de HSTS", headers={}),
    )


def _insiders() -> tuple[Site, ...]:
    """Names that lead into somebody's own network, one of them beside a global address."""
    inside = {
        "interne": ("10.0.0.8",),
        "metadonnees": ("169.254.169.254",),
        "boucle-locale": ("127.0.0.1",),
        "double": ("192.31.196.250", "10.0.0.8"),
        "traduit": ("64:ff9b::7f00:1",),
    }
    return tuple(
        Site(host=f"{name}.{DOMAIN}", what="mène à l'intérieur d'un réseau", addresses=addresses)
        for name, addresses in inside.items()
    )


def _third_parties() -> tuple[Site, ...]:
    """Whom pages of candidates call, and a domain for which nobody proves anything."""
    script = plain("document.documentElement.dataset.seen = '1';", media_type="text/javascript")
    cookie = script.with_headers(Set_Cookie="visite=1; Secure; SameSite=None; Path=/")
    home = {"/": page("Carnet Tension", text_of("home.html"))}
    return (
        Site(host=ANALYTICS, what="traceur de la liste bloquante", pages={"/analytics.js": script}),
        Site(host=TRACKER, what="tiers inconnu, qui pose un cookie", pages={"/t.js": cookie}),
        Site(host=REDIRECTS, what="renvoie vers l'intérieur d'un réseau", pages={"/vers-169-254": redirect(METADATA)}),
        Site(host="www.sans-preuve.example", what="domaine sans preuve de propriété", pages=home),
        Site(host="www.carnet-tension.example", what="domaine prouvé par un enregistrement TXT", pages=home),
    )


def security_txt(ends_on: date, *, contact: str = "mailto:securite@service-demo.example") -> Answer:
    """Where to tell of a hole."""
    return plain(f"Contact: {contact}\nExpires: {ends_on.isoformat()}T00:00:00Z\nPreferred-Languages: fr, en\n")
