"""Celery tasks of the roll-out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apps.common.tasks import enqueue
from apps.notifications.gateways.smtp import KeptSmtpRelay
from apps.rollout.gateways.bounces import BounceBox
from apps.rollout.jobs import (
    batching,
    claiming,
    confirming,
    first_sign_in,
    folder,
    forgetting,
    import_files,
    keeping,
    letting_go,
    majority,
    openings,
    preparing,
    printing,
    resending,
    returns,
    sending,
    trial,
    trying,
    waves,
)


@shared_task(name="rollout.note_sign_in")
def note_sign_in(*, identity_id: str, at: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Activate an open space by the first sign-in of its holder (SPA-09)."""
    first_sign_in.note_sign_in(identity_id=UUID(identity_id), at=datetime.fromisoformat(at))


@shared_task(name="rollout.note_forgotten_sign_ins")
def note_forgotten_sign_ins(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """The same for those that the queue lost."""
    first_sign_in.note_forgotten(at=timezone.now())


@shared_task(name="rollout.forget_activations")
def forget_activations(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Delete activations that were left unfinished for thirty days (S-08)."""
    forgetting.forget_activations(at=timezone.now())


@shared_task(name="rollout.advance")
def advance(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Take people into the approved waves and move waves on (RO-04)."""
    waves.advance(at=timezone.now())


@shared_task(name="rollout.import_files")
def carry_on_imports(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Work on the files of the console for less than the time of a task, then let the next task go on (RO-02)."""
    if import_files.go_on(clock=timezone.now):
        enqueue(carry_on_imports)


@shared_task(name="rollout.clear_imports")
def clear_imports(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Delete uploads that no row needs, and people of trials that are over."""
    folder.clear(at=timezone.now())
    trying.forget_trials()


@shared_task(name="rollout.keep_figures")
def keep_figures(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Count what the pages of a big roll-out show (RO-01, RO-10)."""
    keeping.keep_figures(at=timezone.now())


@shared_task(name="rollout.prepare_notices")
def prepare_notices(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Codes and notices of the waves that run, as far as the capacity of the day goes (SPA-02)."""
    preparing.prepare_due(at=timezone.now())


@shared_task(name="rollout.send_notices")
def send_notices(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Mails that are due, repeats, and tries that never ended (REL-08)."""
    with KeptSmtpRelay() as relay:
        sending.send_while_due(relay=relay, now=timezone.now)


@shared_task(name="rollout.print_letters")
def print_letters(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Batches of the letters that wait, and their files (RO-05)."""
    batching.gather(at=timezone.now())
    printing.make_letters(at=timezone.now())


@shared_task(name="rollout.open_asked")
def open_asked(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Open the spaces that people asked for (SPA-08, SPA-10)."""
    openings.open_asked(at=timezone.now())


@shared_task(name="rollout.open_due")
def open_due(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Open the spaces that are due (SPA-03, ROL-14)."""
    openings.open_some(at=timezone.now())


@shared_task(name="rollout.notify_new_adults")
def notify_new_adults(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Write to people who turned 18 (SPA-48)."""
    majority.notify_new_adults(at=timezone.now())


@shared_task(name="rollout.ask_to_confirm")
def ask_to_confirm(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Ask people who opposed and had a DMP to confirm it (SPA-21)."""
    confirming.ask_to_confirm(at=timezone.now())


@shared_task(name="rollout.read_bounces")
def read_bounces(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Mails that came back are followed by letters (SPA-04)."""
    returns.read_bounces(box=BounceBox(settings.BOUNCES_DIR), at=timezone.now())


@shared_task(name="rollout.answer_code_requests")
def answer_code_requests(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """New codes for those who asked for one (O-09)."""
    resending.answer_requests(at=timezone.now())


@shared_task(name="rollout.send_trial_notice")
def send_trial_notice(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Samples of notices to the operators who asked for them (RO-05)."""
    with KeptSmtpRelay() as relay:
        trial.send_trials(relay=relay, at=timezone.now())


@shared_task(name="rollout.hold_claimed")
def hold_claimed(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Hold newcomers whom an opposition may mean that waits for its person (RO-06)."""
    claiming.hold_claimed(at=timezone.now())


@shared_task(name="rollout.forget_letters")
def forget_letters(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Files of letters that are long in the post can never be read again."""
    letting_go.forget_letters(at=timezone.now())
