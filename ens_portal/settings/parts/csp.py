from __future__ import annotations

from csp.constants import NONE, SELF

from ens_portal.settings import env

# The provider's origin stands in form-action because the sign-in POST redirects there (front-end.md 6.2, decisions 29).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, env.text("FRANCECONNECT_ORIGIN")],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": True,
    }
}
