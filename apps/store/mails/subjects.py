"""Subjects of mails: fixed words for each template, and the number of the dossier."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SUBJECTS: Mapping[str, str | Promise] = {
    "dossier_submit": _("Dossier received"),
    "dossier_checks_done": _("The desk examines your dossier"),
    "dossier_accept": _("Your dossier is admissible"),
    "dossier_ask": _("You are asked for complements"),
    "dossier_answer": _("Your answer was received"),
    "dossier_timeout": _("A term is over"),
    "dossier_reject": _("Your dossier is not admissible"),
    "dossier_report_ready": _("Your dossier is ready for the commission"),
    "dossier_schedule": _("Your dossier goes before the commission"),
    "dossier_moved": _("Your dossier goes before another session"),
    "dossier_opinion": _("The commission has given its opinion"),
    "dossier_decide_refuse": _("Decision about your dossier"),
    "dossier_decide_accept": _("Decision about your dossier"),
    "dossier_require_lift": _("Reservations to lift"),
    "dossier_lifted": _("Reservations lifted"),
    "dossier_signed": _("The agreement is signed"),
    "dossier_tests_passed": _("Connection tests passed"),
    "dossier_tests_failed": _("Connection tests to be done again"),
    "dossier_publish": _("Your service is in the catalogue"),
    "dossier_withdraw": _("Dossier given up"),
    "dossier_appeal": _("Your appeal was received"),
    "dossier_uphold": _("Answer to your appeal"),
    "dossier_overturn": _("Answer to your appeal"),
    "dossier_hand_over": _("It is your turn"),
    "message": _("New message about your dossier"),
    "reminder": _("Reminder: an answer is awaited"),
    "review_turn": _("A dossier is waiting for you"),
    "service_publish": _("Your service is referenced"),
    "service_yearly_due": _("Yearly declaration to make"),
    "service_declared": _("Yearly declaration received"),
    "service_late": _("Formal notice: yearly declaration missing"),
    "service_audit_start": _("Audit of your service"),
    "service_conform": _("End of the audit"),
    "service_anomalies": _("Formal notice after the audit"),
    "service_red_check": _("A control of your service has failed"),
    "service_remedied": _("End of the formal notice"),
    "service_timeout": _("Your service is suspended"),
    "service_suspend": _("Your service is suspended"),
    "service_lift": _("End of the suspension"),
    "service_withdraw": _("Withdrawal of your service"),
    "service_effect_date": _("Your service has left the catalogue"),
    "service_convention_end": _("Your agreement is over"),
    "service_hand_over": _("It is your turn"),
    "agreement_ending": _("Your agreement is about to end"),
    "evidence_ending": _("A piece of evidence is about to end"),
    "certificate_ending": _("A certificate is about to end"),
    "join_asked": _("Somebody asks to join your organisation"),
    "join_accepted": _("You have joined the organisation"),
    "join_refused": _("Your request to join was refused"),
    "session_papers": _("Papers of the next session"),
    "session_shorter": _("A dossier has left the agenda of a session"),
    "report_received": _("Report of a problem with a service"),
    "report_answer": _("Answer to your report"),
    "report_to_publisher": _("A problem with your service was reported"),
}


def subject_of(template: str, *, number: str) -> str:
    """Words of the template, with the number where there is one. Raises `KeyError` for a template that is none."""
    words = str(SUBJECTS[template])
    return gettext("%(words)s – dossier %(number)s") % {"words": words, "number": number} if number else words
