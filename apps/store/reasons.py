"""Codes with their words: conditions of a step, lines of the desk's list, canned reasons (L8: one list a decision)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

# Why a step may not be made yet: `transitions.guards`.
GUARDS: Words = {
    "orientation-open": _("The orientation questionnaire is not complete."),
    "answers-open": _("Some criteria have no complete answer."),
    "page-incomplete": _("The public page is not complete."),
    "evidence-not-clean": _("A piece of evidence has not passed the antivirus check."),
    "consent-texts-missing": _("A category of data has no information text."),
    "charter-missing": _("The declaration has not been accepted."),
    "checks-running": _("Automatic checks are still running."),
    "admissibility-open": _("Not all lines of the list of admissibility are met."),
    "nothing-asked": _("No missing element is named."),
    "three-rounds": _("Complements have been asked for three times already."),
    "answers-missing": _("Not everything that was asked for has an answer."),
    "term-runs": _("The term is not over."),
    "term-over": _("The term is over."),
    "criteria-open": _("A blocking criterion has no verdict."),
    "second-reader-missing": _("The second reader has not signed."),
    "privacy-missing": _("The data-protection check is not done."),
    "no-session": _("The dossier stands on no agenda."),
    "opinion-missing": _("No opinion is recorded."),
    "reservations-missing": _("The opinion has reservations, none is recorded."),
    "opinion-unfavourable": _("The opinion of the commission is not favourable."),
    "reservations-open": _("A suspensive reservation is still open."),
    "reservations-none": _("No suspensive reservation is open."),
    "decision-missing": _("The decision is not recorded."),
    "confirmation-missing": _("The second person has not confirmed."),
    "signatures-missing": _("The three parties have not all signed."),
    "wrong-way": _("Connection tests come where data are exchanged, and only there."),
    "checks-old": _("The last automatic checks are older than seven days."),
    "checks-incomplete": _(
        "An automatic check could not be done: run the checks again, or set it aside with a reason."
    ),
    "checks-failed": _("An automatic check has failed."),
    "appeal-missing": _("No appeal is filed."),
    "appeal-open": _("The appeal is not closed."),
    "findings-missing": _("The publisher has not read what the audit has found: send it first."),
    "declaration-missing": _("The yearly declaration is not recorded."),
    "effect-missing": _("The day of the effect is missing."),
    "effect-too-late": _("The effect comes six months after the decision at the latest."),
    "notice-too-short": _("A publisher leaves with a notice of three months at least."),
}

# The desk's list (RV-14): what makes a dossier admissible.
ADMISSIBILITY: Words = {
    "publisher": _("The publisher is identified (SIREN and SIRET are consistent)"),
    "mandate": _("Whoever sent the dossier has a valid mandate"),
    "field": _("The service belongs to an admissible field"),
    "public": _("The service is available to the public in France"),
    "purpose": _("The purposes of the exchange are lawful, or nothing is exchanged"),
    "impact": _("The impact assessment is there where it is required"),
    "evidence": _("The compulsory pieces are there and readable"),
    "page": _("The public page describes the service faithfully"),
}

# Canned beginnings of a note to the publisher (RV-04).
JUDGEMENT: Words = {
    "too-old": _("The piece of evidence is too old: please provide one of less than eighteen months."),
    "unrelated": _("The piece of evidence does not bear on this criterion: please provide another one."),
    "unreadable": _("The piece of evidence cannot be read: please provide a PDF with text."),
    "partial": _("The answer covers a part of the criterion only: please complete it."),
    "contradiction": _("The answer and the automatic check contradict each other: please explain or correct."),
    "not-public": _("The page that you name is not public: please make it available without an account."),
}

# Grounds of decisions (STO-11): text of law, as the notice prints it.
GROUNDS: Words = {
    "R1111-38": _("Article R. 1111-38 of the Public Health Code"),
    "L1111-13-1": _("Article L. 1111-13-1 of the Public Health Code"),
    "R1111-39": _("Article R. 1111-39 of the Public Health Code"),
    "arrete-2022-06-23": _("Order of 23 June 2022 on the criteria of referencing"),
    "arrete-2023-11-20": _("Order of 20 November 2023 on the audit of referenced services"),
}

# Why a person has to look at a dossier or a service (STO-83, L2).
HUMAN: Words = {
    "checks-incomplete": _("automatic checks incomplete"),
    "check-failed": _("failed check"),
    "check-flagged": _("check to be seen"),
    "contested": _("result contested"),
    "answer-received": _("answer received"),
    "second-reading": _("second reading"),
    "returned": _("returned"),
    "refusal-proposed": _("refusal to confirm"),
    "withdrawal-proposed": _("withdrawal to confirm"),
    "reservations-answered": _("reservations answered"),
    "reservation-late": _("reservation not lifted in time"),
    "incident": _("incident reported"),
    "report": _("reports of users"),
    "certificate-ended": _("certificate ended"),
    "declaration-late": _("declaration late"),
    "precaution": _("suspension as a precaution"),
    "precaution-ended": _("precaution over without a decision"),
    "appeal-overturned": _("decision overturned on appeal"),
}
