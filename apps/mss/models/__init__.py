from __future__ import annotations

from apps.mss.models.arrivals import Arrival, ArrivalAddress
from apps.mss.models.attachments import Attachment
from apps.mss.models.correspondents import Correspondent
from apps.mss.models.drafts import Draft, DraftFile
from apps.mss.models.messages import Message, Thread
from apps.mss.models.outgoing import OutgoingMail

__all__ = [
    "Arrival",
    "ArrivalAddress",
    "Attachment",
    "Correspondent",
    "Draft",
    "DraftFile",
    "Message",
    "OutgoingMail",
    "Thread",
]
