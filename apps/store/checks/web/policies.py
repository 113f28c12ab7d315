"""What the headers of a page forbid (STO-91)."""

from __future__ import annotations

from collections.abc import Mapping

_FREE = frozenset({"*", "http:", "https:", "data:", "'unsafe-inline'"})
_OVERRIDES_INLINE = ("'nonce-", "'sha256-", "'sha384-", "'sha512-", "'strict-dynamic'")  # CSP 3, 6.7.3.3
_REFERRERS = frozenset(
    {
        "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
        "origin-when-cross-origin", "strict-origin-when-cross-origin",
    }
)  # fmt: skip


def missing(headers: Mapping[str, str]) -> list[str]:
    """What is not there, as names of headers and directives, in a fixed order."""
    policies = [_directives(text) for text in headers.get("content-security-policy", "").split(",") if text.strip()]
    kept = {
        "content-security-policy": bool(policies),
        "script-src": not policies or any(_limits_scripts(policy) for policy in policies),
        "frame-ancestors": any("frame-ancestors" in policy for policy in policies),
        "x-content-type-options": headers.get("x-content-type-options", "").strip().lower() == "nosniff",
        "referrer-policy": _last_known(headers.get("referrer-policy", "")) not in {"", "unsafe-url"},
    }
    return [name for name, is_there in kept.items() if not is_there]


def _directives(policy: str) -> dict[str, list[str]]:
    """The first of two directives of one name counts."""
    found: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.lower().split() or [""]
        if name:
            found.setdefault(name, sources)
    return found


def _limits_scripts(policy: Mapping[str, list[str]]) -> bool:
    sources = policy.get("script-src-elem", policy.get("script-src", policy.get("default-src")))
    if sources is None:
        return False
    if any(source.startswith(_OVERRIDES_INLINE) for source in sources):
        return True
    return not _FREE & set(sources)


def _last_known(header: str) -> str:
    """A browser takes the last value that it knows (Referrer Policy, 8.1)."""
    known = [
        word for word in (part.strip().lower() for part in header.split(",")) if word in {*_REFERRERS, "unsafe-url"}
    ]
    return known[-1] if known else ""
