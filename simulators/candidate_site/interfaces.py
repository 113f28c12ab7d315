"""What the sites say of their FHIR server and of their issuer of tokens."""

from __future__ import annotations

from typing import Any

from simulators.candidate_site.answers import Answer, data, plain

FHIR = "application/fhir+json"
_KEY = {
    "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "2026-01",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}  # fmt: skip


def capabilities(*, version: str = "4.0.1", reads: bool = True, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A statement of capabilities, which writes observations and reads them where `reads` says so."""
    codes = ("create", "read", "search-type") if reads else ("create",)
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-05",
        "kind": "instance",
        "fhirVersion": version,
        "format": ["json"],
        "implementation": {"description": "Carnet Tension"},
        "rest": [
            {"mode": "server", "resource": [{"type": "Observation", "interaction": [{"code": c} for c in codes]}]}
        ],
        **more,
    }


def fhir() -> dict[str, Answer]:
    """Statements by base address, one for each way to be wrong."""
    huge = capabilities(description="a" * 3_000_000)
    page = "<!doctype html><title>Carnet Tension</title><p>Bienvenue sur le serveur.</p>"
    return {
        "/fhir/metadata": data(capabilities(), media_type=FHIR),
        "/fhir-ecriture/metadata": data(capabilities(reads=False), media_type=FHIR),
        "/fhir-r5/metadata": data(capabilities(version="5.0.0"), media_type=FHIR),
        "/fhir-faux/metadata": data(capabilities(rest="tout"), media_type=FHIR),
        "/fhir-autre/metadata": data({"resourceType": "Patient", "id": "1"}, media_type=FHIR),
        "/fhir-xml/metadata": plain("<CapabilityStatement/>", media_type="application/fhir+xml"),
        "/fhir-html/metadata": plain(page, media_type="text/html; charset=utf-8"),
        "/fhir-enorme/metadata": data(huge, media_type=FHIR),
        "/fhir-profond/metadata": plain('{"a":' * 50_000 + "1" + "}" * 50_000, media_type=FHIR),
    }


def openid(host: str) -> dict[str, Answer]:
    """Documents of discovery by issuer, with their keys."""
    found = {f"{path}/jwks": data({"keys": [_KEY]}) for path in ("/oidc", "/oidc-implicite", "/oidc-ancien")}
    found["/oidc-cle/jwks"] = data({"keys": [_KEY | {"d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}]})
    documents = {
        "/oidc": _discovery(host, "/oidc"),
        "/oidc-autre": _discovery("ailleurs.service-demo.example", "/oidc"),
        "/oidc-implicite": _discovery(
            host, "/oidc-implicite", grant_types_supported=["authorization_code", "implicit"]
        ),
        "/oidc-clair": _discovery(host, "/oidc-clair", token_endpoint=f"http://{host}/oidc-clair/token"),
        "/oidc-ancien": _discovery(host, "/oidc-ancien", code_challenge_methods_supported=["plain"]),
        "/oidc-sans-cles": _discovery(host, "/oidc-sans-cles"),
        "/oidc-cle": _discovery(host, "/oidc-cle"),
    }
    for path, document in documents.items():
        found[f"{path}/.well-known/openid-configuration"] = data(document)
    found["/oidc-html/.well-known/openid-configuration"] = plain("<p>Bienvenue</p>", media_type="text/html")
    return found


def _discovery(host: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    issuer = f"https://{host}{path}"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        **more,
    }
