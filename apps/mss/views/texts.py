"""Texts of a conversation, one by one: what cannot be opened takes no other one with it (MSS-39)."""

from __future__ import annotations

from uuid import UUID

import structlog

from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError
from apps.mss.bodies import Bodies
from apps.mss.models import Message

logger = structlog.get_logger(__name__)


class Texts:
    """Asks for the key of the space once."""

    def __init__(self, space_id: UUID) -> None:
        self._bodies: Bodies | None = None
        try:
            self._bodies = Bodies(space_id)
        except (MasterKeyMissingError, VaultDestroyedError) as error:
            logger.warning("mailbox_text_closed", reason=type(error).__name__)

    def of(self, message: Message) -> str | None:
        """The text of a message; None when it cannot be opened, now or ever."""
        if self._bodies is None:
            return None if message.body_sealed else ""
        try:
            return self._bodies.open(message.body_sealed, row_id=message.id)
        except TamperedError as error:
            logger.warning("mailbox_text_closed", reason=type(error).__name__)
            return None
