"""A device that holds passkeys, as WebAuthn describes it: attestation « none », ES256."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. `origin` and `verified` may be other than they should be."""

    origin: str = ""
    verified: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    key_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: str = ""

    def create(self, options: dict[str, Any]) -> str:
        """Answer to `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.key_id, public)
        data = AuthenticatorData.create(self._site(asked["rp"]["id"]), self._flags() | NEW, 0, bytes(made))
        response = {
            "clientDataJSON": websafe_encode(self._client_data("webauthn.create", asked)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._written(response)

    def get(self, options: dict[str, Any]) -> str:
        """Answer to `navigator.credentials.get`."""
        asked = options["publicKey"]
        data = AuthenticatorData.create(self._site(asked["rpId"]), self._flags(), 0)
        client_data = self._client_data("webauthn.get", asked)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.user_handle,
        }
        return self._written(response)

    def _client_data(self, kind: str, asked: dict[str, Any]) -> bytes:
        return CollectedClientData.create(kind, asked["challenge"], self.origin or settings.PORTAL_URL)

    def _flags(self) -> int:
        return PRESENT | VERIFIED if self.verified else PRESENT

    def _site(self, rp_id: str) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest()

    def _written(self, response: dict[str, str]) -> str:
        own = websafe_encode(self.key_id)
        whole = {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(whole)
