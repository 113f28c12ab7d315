"""The picture that an application of one-time codes reads, made here: the seed never leaves our pages."""

from __future__ import annotations

import base64
from urllib.parse import quote, urlencode

from allauth.mfa.adapter import get_adapter
from django.utils.translation import pgettext

from apps.accounts.models import User


def totp_address(user: User, seed: str) -> str:
    """`otpauth://` address: product and mail address are what the application shows in its list."""
    product = pgettext("product name", "Health space")
    label = quote(f"{product}:{user.email or user.pk}")
    return f"otpauth://totp/{label}?{urlencode({'secret': seed, 'issuer': product}, quote_via=quote)}"


def data_address(user: User, seed: str) -> str:
    """The picture as a `data:` address, which the content security policy lets pass (`img-src`)."""
    svg: str = get_adapter().build_totp_svg(totp_address(user, seed))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
