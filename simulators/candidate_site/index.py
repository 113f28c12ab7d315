"""The page for people at http://localhost: which sites there are, and where to paste the code that proves a domain."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from simulators.candidate_site.answers import Answer, text_of
from simulators.candidate_site.proofs import PATH
from simulators.candidate_site.sites import Site

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

_DISCOVERY = "/.well-known/openid-configuration"
_NOT_TYPED = ("/jwks", "/style.css", "/security.txt")  # what no form asks for


def index(sites: Iterable[Site], said: str = "") -> Answer:
    """The list, with the outcome of the form above it."""
    rows = "".join(_row(site) for site in sites)
    options = "".join(f"<option>{escape(site.host)}</option>" for site in sites if not site.addresses)
    body = text_of("index.html", said=f"<p role=status>{escape(said)}</p>" if said else "", rows=rows, options=options)
    return Answer(body=body.encode(), headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def outcome(host: str, *, is_kept: bool) -> str:
    """What the form did."""
    if not is_kept:
        return "Ce code ne ressemble pas à un code de vérification : rien n'a changé."
    return f"Le site {host} montre maintenant ce code à l'adresse https://{host}{PATH}."


def _row(site: Site) -> str:
    paths = {path.removesuffix("/metadata").removesuffix(_DISCOVERY): None for path in site.pages}
    pages = " ".join(f"<code>{escape(path)}</code>" for path in paths if not path.endswith(_NOT_TYPED))
    return f"<tr><th scope=row>https://{escape(site.host)}/</th><td>{escape(site.what)}</td><td>{pages}</td></tr>"
