"""The demonstration on one machine: http on localhost, engines from wheels, simulated outside world (decisions 40,
SEC-29).
"""

from __future__ import annotations

import os
from pathlib import Path

from ens_portal.engines import addresses
from ens_portal.engines.layout import state_directory

_port = os.environ.get("ENS_HTTP_PORT", "8000")
_fc_port = os.environ.get("ENS_FC_PORT", str(int(_port) + 1) if _port.isdigit() else "8001")
_defaults = {
    **addresses(),
    "SECRET_KEY": "demonstration-only-key-that-protects-nothing-real-at-all",
    "ENS_ALLOWED_HOSTS": "localhost,127.0.0.1",
    "ENS_PORTAL_URL": f"http://localhost:{_port}",
    "ENS_TRUSTED_PROXY_COUNT": "0",
    "ENS_AUDIT_KEY": "demonstration-only-secret-of-the-seals-of-the-trail",
    "ENS_NOTICE_CODE_KEY": "demonstration-only-secret-of-the-codes-of-notices",
    "ENS_FILES_MASTER_KEY": "64656d6f6e7374726174696f6e2d6f6e6c792d6d61737465722d6b65792d3031",
    "ENS_SCANNER_GATEWAY": "apps.files.gateways.scanner_embedded.EmbeddedScanner",
    "ENS_STORE_WEB_GATEWAY": "apps.store.gateways.web.demonstration.DemonstrationWeb",
    "ENS_INS_AUTHORITIES": "1.2.250.1.213.1.4.9,1.2.250.1.213.1.4.10,1.2.250.1.213.1.4.11",
    "FRANCECONNECT_ORIGIN": f"http://localhost:{_fc_port}",
    "FRANCECONNECT_ISSUER": f"http://localhost:{_fc_port}/api/v2",
    "FRANCECONNECT_CLIENT_ID": "ens-portal-demonstration",
    "FRANCECONNECT_CLIENT_SECRET": "demonstration-client-secret-not-for-production",
    "FRANCECONNECT_ACR": "eidas1",
    "ENS_HOLDER_MIN_LEVEL": "eidas1",
}
_operator_port = str(int(_port) + 5) if _port.isdigit() else "8005"
_certificates = state_directory() / "certificates"  # made by the simulated operator
_defaults |= {
    "ENS_MSS_RELAY_HOST": "localhost",
    "ENS_MSS_RELAY_PORT": os.environ.get("ENS_MSS_OPERATOR_SMTP_PORT", _operator_port),
    "ENS_MSS_RELAY_CA": str(_certificates / "authority.pem"),
    "ENS_MSS_RELAY_CERTIFICATE": str(_certificates / "portal.pem"),
    "ENS_MSS_RELAY_KEY": str(_certificates / "portal-key.pem"),
    "ENS_SMTP_CA": str(_certificates / "authority.pem"),
    "ENS_SMTP_CERTIFICATE": str(_certificates / "portal.pem"),
    "ENS_SMTP_KEY": str(_certificates / "portal-key.pem"),
}
_defaults |= {
    "ENS_MAIL_HOST": "127.0.0.1",
    "ENS_MAIL_PORT": str(int(_port) + 3) if _port.isdigit() else "8003",
    "ENS_MAIL_FROM": "Mon espace <ne-pas-repondre@localhost>",
    "ENS_MAIL_GROUPING_MINUTES": "1",
    "ENS_MSS_PATIENT_DOMAIN": "patient.mssante.example",
    "ENS_MSS_TRUST_DAYS": "3650",  # nobody brings another list in
    "ENS_MSS_TRUST_ALARM_HOURS": "43800",
    "ENS_STORE_HDS_LIST": str(Path(__file__).resolve().parents[2] / "apps" / "store" / "data" / "hds.csv"),  # invented
    "ENS_STORE_PAPERS_DAYS": "0",
    "ENS_OPPOSITION_POSTAL_ADDRESS": "Espace santé,Service des oppositions,TSA 10000,44999 Nantes Cedex 9",
}
for _name, _value in _defaults.items():
    os.environ.setdefault(_name, _value)

from ens_portal.settings.base import *  # noqa: E402  the defaults above must be there when the parts read them

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_NAME = f"ens-session-{_port}"  # cookies know no port: two checkouts side by side must not share one
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_USE_TLS = False
INSTALLED_APPS = ["ens_portal", *INSTALLED_APPS]  # manage.py demo
