"""Small secrets of other apps (seeds of one-time codes, …), closed in rows of theirs (decisions 42, SEC-18).

Each purpose has a vault. The rotation of the master key closes the vault's key anew; what is sealed stays as it is.
"""

from __future__ import annotations

import base64
from uuid import UUID, uuid5

from apps.files import crypto
from apps.files.keys import key_of
from apps.files.models import Vault
from apps.files.vaults import vault_of

_PURPOSES = UUID("6f1d3c1e-8a57-5d3e-9d0b-6f3a53c0b7a1")  # name space of the vaults of purposes
_FORM = "s1."  # version of the form


def seal(*, purpose: str, plain: bytes, bound_to: str) -> str:
    """`plain` as a text for a column; about 4/3 of its length + 42 characters. Writes when the purpose is new.

    `purpose`: `app.noun`. `bound_to`: id of the row that holds it; in another row it does not open.
    Raises `MasterKeyMissingError`, `WrongMasterKeyError`, `VaultDestroyedError`.
    """
    vault = vault_of(owner_kind=Vault.Owner.PURPOSE, owner_id=uuid5(_PURPOSES, purpose))
    sealed = crypto.seal(vault_key=key_of(vault), bound_to=_bound(purpose, bound_to), plain=plain)
    return _FORM + base64.urlsafe_b64encode(sealed).decode()


def unseal(*, purpose: str, sealed: str, bound_to: str) -> bytes:
    """What `seal` closed for this purpose and this row.

    Raises `TamperedError` for anything else, `MasterKeyMissingError`, `VaultDestroyedError`.
    """
    vault = Vault.objects.filter(owner_kind=Vault.Owner.PURPOSE, owner_id=uuid5(_PURPOSES, purpose)).first()
    if vault is None or not sealed.startswith(_FORM):
        raise crypto.TamperedError(purpose)
    try:
        closed = base64.b64decode(sealed.removeprefix(_FORM), altchars=b"-_", validate=True)
    except ValueError as error:
        raise crypto.TamperedError(purpose) from error
    return crypto.unseal(vault_key=key_of(vault), bound_to=_bound(purpose, bound_to), sealed=closed)


def _bound(purpose: str, bound_to: str) -> bytes:
    return f"{purpose}\x00{bound_to}".encode()
