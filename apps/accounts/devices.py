"""What kind of device a browser says it runs on (SE-09): one word, enough to recognise one's own."""

from __future__ import annotations

from django.http import HttpRequest

from apps.accounts.models import SignInSession


def device_of(request: HttpRequest) -> SignInSession.Device:
    """A guess from the user agent, which is not kept."""
    said = request.headers.get("User-Agent", "").lower()
    if "ipad" in said or "tablet" in said or ("android" in said and "mobile" not in said):
        return SignInSession.Device.TABLET
    if "mobi" in said or "iphone" in said:
        return SignInSession.Device.PHONE
    return SignInSession.Device.COMPUTER
