"""The operator: boxes, what they keep, and how a mail of theirs reaches the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from threading import Thread

from simulators.mssante_operator import letters
from simulators.mssante_operator.boxes import Box, Boxes
from simulators.mssante_operator.config import Config
from simulators.mssante_operator.door import Door
from simulators.mssante_operator.memory import Memory, Received, Sent
from simulators.mssante_operator.patients import Patient, patient_of, read_patients
from simulators.mssante_operator.samples.catalogue import Order, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator of the trust space."""

    config: Config
    boxes: Boxes
    memory: Memory
    door: Door

    def patients(self) -> list[Patient]:
        """Those of the demonstration."""
        return read_patients(self.config.patients)

    def send(self, box: Box, message: EmailMessage, *, sample: str = "", source: bytes | None = None) -> Sent:
        """Send to everybody of `To` who is a patient, and keep what the door answered."""
        data = message.as_bytes(policy=SMTP) if source is None else source
        to = str(message["To"])
        steps = self.door.deliver(sender=box.address, recipients=[to], source=data)
        return self.memory.send(box=box.key, recipient=to, message=message, source=data, sample=sample, steps=steps)

    def send_sample(self, box: Box, to: str, sample: Sample, *, at: datetime) -> Sent:
        """One of the samples, about the person of the address."""
        order = Order(
            box=box, patient=patient_of(to, self.patients()), to=to, at=at, copy_to=self._colleague(box),
            max_bytes=self.config.max_bytes,
        )  # fmt: skip
        message = sample.write(order)
        return self.send(box, message, sample=sample.key, source=sample.bytes_of(message))

    def come_back(self, mail: Received) -> None:
        """Tell the sender that a mail was not delivered, from the null sender and outside the session it came by."""
        if mail.sender:
            source = letters.report(mail).as_bytes(policy=SMTP)
            Thread(target=self._report, args=([mail.sender], source), daemon=True).start()

    def _report(self, to: Sequence[str], source: bytes) -> None:
        self.door.deliver(sender="", recipients=to, source=source)

    def _colleague(self, box: Box) -> Box:
        return next(other for other in self.boxes if other.key != box.key)
