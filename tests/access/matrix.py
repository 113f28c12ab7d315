"""Who may reach which address: every URL name of the portal, every column of the cast (SEC-01).

A new address gets a line here before its first test passes. `GET` is what a person who follows a link gets; `POST` what
a form without any field gets: enough to tell who may come in.
"""

from __future__ import annotations

from uuid import UUID

from tests.access import (
    store_candidacy_pages,
    store_catalogue_pages,
    store_commission_pages,
    store_evidence_pages,
    store_publisher_pages,
    store_review_pages,
    store_surveillance_pages,
)
from tests.access.lines import (
    ELSEWHERES_ID,
    NO_GET,
    NO_POST,
    SIGNED_IN,
    Answer,
    Line,
    all_get,
    decider_page,
    holder_page,
    holder_side_gets,
    nobodys_row,
    page,
    representative_page,
    signed_in_get,
    space_page,
    staff_page,
    visitors_get,
)
from tests.cast import Who

# Acts that ask again who is there after five minutes, and of whom (IDN-37, S-10).
_ASKED = frozenset(SIGNED_IN)
CONFIRMED: dict[str, frozenset[Who]] = {
    "accounts:address_change": _ASKED,
    "store:candidacy_sign": frozenset({Who.PUBLISHER}),
    "accounts:passkey_add": _ASKED,
    "accounts:passkey_remove": _ASKED,
    "accounts:totp_replace": _ASKED,
    "accounts:recovery_renew": _ASKED,
    "accounts:password_change": _ASKED,
    "spaces:delegate_invite": frozenset({Who.HOLDER}),
    "spaces:delegate_review": frozenset({Who.HOLDER}),
    "spaces:delegate_change": frozenset({Who.HOLDER}),
    "spaces:assistance_consent": frozenset({Who.HOLDER}),
    "spaces:representative_invite": frozenset({Who.HOLDER, Who.PARENT}),
    "spaces:representative_review": frozenset({Who.HOLDER, Who.PARENT}),
}

MATRIX: dict[str, Line] = {
    # Machines of the operator
    "common:live": page(all_get(Answer.OK)),
    "common:ready": page(all_get(Answer.OK)),
    "journeys:metrics": page(all_get(Answer.NOT_FOUND)),
    # Everybody
    "ui:theme": page(all_get(Answer.OK), post=all_get(Answer.ELSEWHERE)),
    "journeys:home": page(visitors_get(Answer.OK, others=Answer.ELSEWHERE)),
    "journeys:about": page(all_get(Answer.OK)),
    "journeys:about_page": page(all_get(Answer.OK), page="urgence"),
    "journeys:help": page(all_get(Answer.OK), post=all_get(Answer.OK)),
    "journeys:help_article": page(all_get(Answer.OK), slug="masquer"),
    "journeys:status": page(all_get(Answer.OK)),
    "journeys:site_map": page(all_get(Answer.OK)),
    "journeys:legal": page(all_get(Answer.OK), page="mentions-legales"),
    "journeys:security_txt": page(all_get(Answer.OK)),
    # Opposition: whoever has no code is asked for it, signed in or not.
    "rollout:opposition_start": page(all_get(Answer.OK)),
    "rollout:opposition_identify": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    **{
        f"rollout:opposition_{step}": page(all_get(Answer.ELSEWHERE), post=all_get(Answer.ELSEWHERE))
        for step in ("capacity", "choice", "check", "withdraw", "confirm", "close")
    },
    "rollout:opposition_done": page(all_get(Answer.ELSEWHERE)),
    "rollout:opposition_finish": Line(get=NO_GET, post=all_get(Answer.ELSEWHERE)),
    "rollout:opposition_conflict": page(signed_in_get(Answer.OK)),
    "rollout:notice_resend": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    "rollout:opposition_other_ways": page(all_get(Answer.OK)),
    "rollout:opposition_form": page(all_get(Answer.OK), kind="formulaire.rtf"),
    "rollout:receipt_download": page(all_get(Answer.ELSEWHERE), handle="x"),
    "rollout:receipt_check": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    "accounts:sign_in": page(visitors_get(Answer.OK, others=Answer.ELSEWHERE)),
    "accounts:sign_in_help": page(all_get(Answer.OK)),
    "accounts:password": page(
        visitors_get(Answer.OK, others=Answer.ELSEWHERE), post=visitors_get(Answer.FORM_AGAIN, others=Answer.ELSEWHERE)
    ),
    # Without the right password before: back to it.
    "accounts:totp": page(all_get(Answer.ELSEWHERE), post=all_get(Answer.ELSEWHERE)),
    "accounts:enrol": page(all_get(Answer.ELSEWHERE), post=all_get(Answer.ELSEWHERE)),
    "accounts:recovery": page(all_get(Answer.ELSEWHERE), post=all_get(Answer.ELSEWHERE)),
    "accounts:password_reset": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    "accounts:password_reset_key": page(all_get(Answer.ELSEWHERE), key="0-unknown"),
    "accounts:password_reset_new": page(
        visitors_get(Answer.OK, others=Answer.ELSEWHERE), post=visitors_get(Answer.FORM_AGAIN, others=Answer.ELSEWHERE)
    ),
    "accounts:passkey": page(
        visitors_get(Answer.OK, others=Answer.ELSEWHERE), post=visitors_get(Answer.FORM_AGAIN, others=Answer.ELSEWHERE)
    ),
    "accounts:fc_start": Line(get=NO_GET, post=all_get(Answer.SIGN_IN)),  # no provider listens: back to the choice
    "accounts:fc_keys": page(all_get(Answer.OK)),
    "accounts:fc_callback": page(all_get(Answer.SIGN_IN)),  # an answer that nobody asked for
    "accounts:reauthenticate": page(signed_in_get(Answer.ELSEWHERE)),  # signed in a moment ago
    # Nobody of the cast has a factor of their own: back to the choice.
    "accounts:reauthenticate_code": page(signed_in_get(Answer.ELSEWHERE), post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:reauthenticate_passkey": page(signed_in_get(Answer.ELSEWHERE), post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:reauthenticate_fc": Line(get=NO_GET, post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:level": page(signed_in_get(Answer.OK)),
    "accounts:contact": page(signed_in_get(Answer.OK)),
    "accounts:address_change": page(signed_in_get(Answer.OK), post=signed_in_get(Answer.FORM_AGAIN)),
    "accounts:address_check": page(signed_in_get(Answer.ELSEWHERE), post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:security": page(signed_in_get(Answer.OK)),
    "accounts:sessions_end": Line(get=NO_GET, post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:passkey_add": page(signed_in_get(Answer.OK), post=signed_in_get(Answer.FORM_AGAIN)),
    "accounts:passkey_remove": Line(
        get=signed_in_get(Answer.NOT_FOUND), post=signed_in_get(Answer.NOT_FOUND), arguments={"key_id": 1}
    ),
    "accounts:totp_replace": page(signed_in_get(Answer.ELSEWHERE), post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:recovery_codes": page(signed_in_get(Answer.ELSEWHERE)),  # nothing to show
    "accounts:recovery_renew": page(signed_in_get(Answer.ELSEWHERE), post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:password_change": page(  # Pia alone has one
        {**signed_in_get(Answer.ELSEWHERE), Who.PUBLISHER: Answer.OK},
        post={**signed_in_get(Answer.ELSEWHERE), Who.PUBLISHER: Answer.FORM_AGAIN},
    ),
    "accounts:session_expiring": page(signed_in_get(Answer.OK)),
    "accounts:session_extend": Line(get=NO_GET, post=signed_in_get(Answer.ELSEWHERE)),
    "accounts:sign_out": Line(get=NO_GET, post=all_get(Answer.ELSEWHERE)),
    "accounts:signed_out": page(all_get(Answer.OK)),
    # Activation (S-08). Nobody of the cast stands in the register: there is nothing to begin and nothing to go on with.
    "rollout:activation_start": page(all_get(Answer.OK)),
    "rollout:activation_identify": page(all_get(Answer.OK), post=all_get(Answer.FORM_AGAIN)),
    "rollout:activation_begin": Line(
        get=NO_GET,
        post={
            **all_get(Answer.NOT_FOUND),
            # No identity: the start.
            **dict.fromkeys((Who.VISITOR, Who.PUBLISHER, Who.STAFF, Who.REVIEWER), Answer.ELSEWHERE),
        },
        arguments={"person_id": ELSEWHERES_ID},
    ),
    **{
        f"rollout:activation_{step}": Line(
            get=visitors_get(Answer.ELSEWHERE, others=Answer.NOT_FOUND),
            post=post,
            arguments={"activation_id": ELSEWHERES_ID},
        )
        for step, post in {
            "identity": NO_POST,
            "contact": visitors_get(Answer.ELSEWHERE, others=Answer.NOT_FOUND),
            "mail_check": visitors_get(Answer.ELSEWHERE, others=Answer.NOT_FOUND),
            "sign_in": NO_POST,
            "choices": visitors_get(Answer.ELSEWHERE, others=Answer.NOT_FOUND),
            "done": NO_POST,
        }.items()
    },
    # Whoever has signed in
    "journeys:choose_space": page(
        {
            **signed_in_get(Answer.OK),
            **dict.fromkeys((Who.STAFF, Who.REVIEWER, Who.PUBLISHER), Answer.ELSEWHERE),  # to where they work
            # One space only: passed through.
            **dict.fromkeys((Who.HOLDER, Who.OTHER_HOLDER, Who.PARENT, Who.DELEGATE), Answer.ELSEWHERE),
        }
    ),
    "spaces:invitation_list": page(signed_in_get(Answer.OK)),
    "spaces:delegate_accept": nobodys_row(invitation_id=ELSEWHERES_ID),
    "spaces:help_end": nobodys_row(delegation_id=ELSEWHERES_ID),
    "spaces:help_certificate": Line(
        get=signed_in_get(Answer.NOT_FOUND), post=NO_POST, arguments={"delegation_id": ELSEWHERES_ID}
    ),
    # A space
    "journeys:dashboard": space_page(Answer.OK),
    "notifications:center": space_page(Answer.OK),
    "notifications:open": space_page(Answer.NOT_FOUND, notice_id=UUID(int=1)),  # nobody has such a notice
    "notifications:mark": Line(
        get=holder_side_gets(Answer.NOT_ALLOWED),
        post=holder_side_gets(Answer.NOT_FOUND),
        arguments={"notice_id": UUID(int=1)},
    ),
    "notifications:mark_all": space_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "notifications:unmark_all": space_page(Answer.ELSEWHERE, post=Answer.ELSEWHERE),  # nothing was marked
    "notifications:preferences": space_page(Answer.OK, post=Answer.FORM_AGAIN),
    "notifications:trial": space_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),  # without an address: back
    "journeys:access_history": space_page(Answer.OK),
    "journeys:settings": decider_page(Answer.OK),
    "spaces:professional_list": decider_page(Answer.OK),
    "spaces:professional_search": decider_page(Answer.OK, post=Answer.FORM_AGAIN),
    "spaces:professional_matrix": decider_page(Answer.OK),
    "spaces:professional_detail": decider_page(Answer.NOT_FOUND, professional_id=ELSEWHERES_ID),
    "spaces:professional_block": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID),
    "spaces:professional_unblock": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID),
    "spaces:professional_withdraw": decider_page(
        Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID
    ),
    "spaces:professional_name": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID),
    "spaces:professional_treating": decider_page(
        Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID
    ),
    "spaces:professional_end": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, professional_id=ELSEWHERES_ID),
    "journeys:privacy": decider_page(Answer.OK),
    "journeys:privacy_hide": decider_page(Answer.OK, post=Answer.ELSEWHERE),
    "journeys:privacy_show": decider_page(Answer.OK, post=Answer.ELSEWHERE),
    "spaces:emergency_choices": decider_page(Answer.OK, post=Answer.FORM_AGAIN),
    # A child has representatives instead: their page.
    "spaces:delegate_list": Line(
        get={**holder_page(Answer.OK).get, Who.PARENT: Answer.ELSEWHERE},
        post={**holder_page(Answer.OK).post, Who.PARENT: Answer.NOT_ALLOWED},
    ),
    "spaces:delegate_invite": holder_page(Answer.OK, post=Answer.FORM_AGAIN),
    # No search, delegation or invitation has this id: only the guard of the page is looked at here.
    "spaces:delegate_review": holder_page(Answer.NOT_FOUND, post=Answer.ELSEWHERE, search_id=ELSEWHERES_ID),
    "spaces:invitation_withdraw": holder_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, invitation_id=ELSEWHERES_ID),
    "spaces:delegate_detail": holder_page(Answer.NOT_FOUND, delegation_id=ELSEWHERES_ID),
    "spaces:delegate_change": holder_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, delegation_id=ELSEWHERES_ID),
    "spaces:delegate_end": holder_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, delegation_id=ELSEWHERES_ID),
    "spaces:delegate_certificate": holder_page(Answer.NOT_FOUND, delegation_id=ELSEWHERES_ID),
    "spaces:representatives": decider_page(Answer.OK),
    "spaces:representative_invite": representative_page(Answer.OK, post=Answer.FORM_AGAIN),
    "spaces:representative_review": representative_page(
        Answer.NOT_FOUND, post=Answer.ELSEWHERE, search_id=ELSEWHERES_ID
    ),
    "spaces:assistance_consent": holder_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, representation_id=ELSEWHERES_ID),
    # For platform operators; the member of the staff among the cast has another role.
    "journeys:quarantine": nobodys_row(),
    "journeys:quarantine_check_again": nobodys_row(vault_id=ELSEWHERES_ID, file_id=ELSEWHERES_ID),
    "journeys:quarantine_destroy": nobodys_row(vault_id=ELSEWHERES_ID, file_id=ELSEWHERES_ID),
    "dmp:document_list": space_page(Answer.OK, post=Answer.ELSEWHERE),
    "dmp:timeline": space_page(Answer.OK, post=Answer.ELSEWHERE),
    "dmp:selection_hide": space_page(Answer.ELSEWHERE, post=Answer.ELSEWHERE),
    "dmp:selection_file": space_page(Answer.ELSEWHERE, post=Answer.ELSEWHERE),
    "dmp:folder_list": space_page(Answer.OK),
    "dmp:folder_create": space_page(Answer.ELSEWHERE, post=Answer.FORM_AGAIN),
    "dmp:folder_rename": space_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, folder_id=ELSEWHERES_ID),
    "dmp:folder_delete": space_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, folder_id=ELSEWHERES_ID),
    "dmp:document_pin": space_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "dmp:document_unpin": space_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "dmp:document_detail": space_page(Answer.OK),
    "dmp:document_file": space_page(Answer.OK),
    "dmp:attachment_file": space_page(Answer.NOT_FOUND, number=1),  # this document has no file inside
    "dmp:document_print": space_page(Answer.OK),
    "dmp:document_versions": space_page(Answer.OK),
    "dmp:result_evolution": space_page(Answer.NOT_FOUND, number=0),  # this document holds no figures
    "dmp:document_pages": space_page(Answer.NOT_FOUND, number=1),
    "dmp:page_picture": space_page(Answer.NOT_FOUND, number=1, page=1, width=720),
    "dmp:document_hide": space_page(Answer.OK, post=Answer.ELSEWHERE),
    "dmp:document_unhide": space_page(Answer.OK, post=Answer.ELSEWHERE),
    "journeys:attachment_save": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, attachment_id=ELSEWHERES_ID),
    "journeys:draft_documents": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, draft_id=ELSEWHERES_ID),
    # The mailbox: no delegation of the cast opens it. Of the others' rows there is none here.
    "mss:thread_list": decider_page(Answer.OK, post=Answer.ELSEWHERE),
    "mss:thread_detail": decider_page(Answer.NOT_FOUND, thread_id=ELSEWHERES_ID),
    "mss:thread_new": decider_page(Answer.OK),
    "mss:message_send_again": decider_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, message_id=ELSEWHERES_ID),
    "mss:pharmacy_search": decider_page(Answer.OK, post=Answer.FORM_AGAIN),
    "mss:pharmacy_choose": decider_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, box_id=ELSEWHERES_ID),
    **{
        f"mss:{name}": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, thread_id=ELSEWHERES_ID)
        for name in (
            "reply",
            "reply_check",
            "reply_discard",
            "thread_close",
            "thread_reopen",
            "thread_bin",
            "thread_restore",
        )
    },
    "mss:thread_unread": decider_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, thread_id=ELSEWHERES_ID),
    "mss:blocked_senders": decider_page(Answer.OK),
    "mss:sender_block": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, correspondent_id=ELSEWHERES_ID),
    "mss:sender_unblock": decider_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, correspondent_id=ELSEWHERES_ID),
    "mss:message_report": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, message_id=ELSEWHERES_ID),
    "mss:message_raw": decider_page(Answer.NOT_FOUND, message_id=ELSEWHERES_ID),
    "mss:attachment": decider_page(Answer.NOT_FOUND, attachment_id=ELSEWHERES_ID),
    "mss:attachment_file": decider_page(Answer.NOT_FOUND, attachment_id=ELSEWHERES_ID),
    "mss:inner_file": decider_page(Answer.NOT_FOUND, attachment_id=ELSEWHERES_ID, number=1),
    **{
        f"mss:{name}": decider_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, correspondent_id=ELSEWHERES_ID)
        for name in ("message_new", "message_check", "message_discard")
    },
    # The roll-out's console
    "rollout:population": staff_page(Answer.OK),
    "rollout:person_search": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:person": staff_page(Answer.NOT_FOUND, person_id=ELSEWHERES_ID),
    "rollout:export_list": staff_page(Answer.OK),
    "rollout:export_ask": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    # Sam asks; another person decides.
    "rollout:export_decide": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, export_id=ELSEWHERES_ID),
    "rollout:export_fetch": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, export_id=ELSEWHERES_ID),
    "rollout:wave_list": staff_page(Answer.OK),
    "rollout:wave_new": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:wave_detail": staff_page(Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_change": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_approve": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_cancel": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_pause": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_resume": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_opening": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:wave_opening_approve": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:oppositions": staff_page(Answer.OK),
    "rollout:opposition_enter": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:claim_new": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:opposition_entry": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, person_id=ELSEWHERES_ID),
    "rollout:opposition_detail": staff_page(Answer.NOT_FOUND, opposition_id=ELSEWHERES_ID),
    "rollout:opposition_scan": staff_page(Answer.NOT_FOUND, opposition_id=ELSEWHERES_ID),
    "rollout:opposition_letter": staff_page(Answer.NOT_FOUND, opposition_id=ELSEWHERES_ID, letter_id=ELSEWHERES_ID),
    "rollout:claim_detail": staff_page(Answer.NOT_FOUND, claim_id=ELSEWHERES_ID),
    "rollout:claim_scan": staff_page(Answer.NOT_FOUND, claim_id=ELSEWHERES_ID),
    "rollout:claim_give_up": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, claim_id=ELSEWHERES_ID),
    "rollout:conflict_decide": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, conflict_id=ELSEWHERES_ID),
    "rollout:import_list": staff_page(Answer.OK),
    "rollout:import_new": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:import_example": staff_page(Answer.OK),
    "rollout:import_detail": staff_page(Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_confirm": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_approve": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_abandon": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_stop": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_resume": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_report": staff_page(Answer.NOT_FOUND, file_id=ELSEWHERES_ID),
    "rollout:import_findings": staff_page(Answer.NOT_FOUND, file_id=ELSEWHERES_ID, code="CLE"),
    "rollout:dashboard": staff_page(Answer.OK),
    "rollout:curves_file": staff_page(Answer.OK),
    "rollout:progress": staff_page(Answer.OK),
    "rollout:progress_file": staff_page(Answer.OK),
    "rollout:calendar": staff_page(Answer.OK),
    "rollout:reconciliation": staff_page(Answer.OK),
    "rollout:wave_reconciliation": staff_page(Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:notices": staff_page(Answer.OK),
    "rollout:wave_notices": staff_page(Answer.NOT_FOUND, wave_id=ELSEWHERES_ID),
    "rollout:notice_sample": staff_page(Answer.OK),
    "rollout:notice_sample_letter": staff_page(Answer.OK),
    "rollout:notice_trial": staff_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "rollout:returned_letters": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:notice_trouble": staff_page(Answer.OK, which="revenues"),
    "rollout:notice_write_again": staff_page(Answer.NOT_ALLOWED, post=Answer.NOT_FOUND, person_id=ELSEWHERES_ID),
    "rollout:notice_by_letter": staff_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE, notice_id=ELSEWHERES_ID),
    "rollout:letter_batches_make": staff_page(Answer.NOT_ALLOWED, post=Answer.ELSEWHERE),
    "rollout:letter_batch": staff_page(Answer.NOT_FOUND, batch_id=ELSEWHERES_ID),
    "rollout:letter_batch_file": staff_page(Answer.NOT_FOUND, batch_id=ELSEWHERES_ID, place=1),
    "rollout:letter_batch_hand_over": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, batch_id=ELSEWHERES_ID),
    "rollout:letter_batch_cancel": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, batch_id=ELSEWHERES_ID),
    "rollout:stop": staff_page(Answer.OK, post=Answer.FORM_AGAIN),
    "rollout:restart_ask": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, stop_id=ELSEWHERES_ID),
    "rollout:restart_confirm": staff_page(Answer.NOT_FOUND, post=Answer.NOT_FOUND, stop_id=ELSEWHERES_ID),
    **store_publisher_pages.LINES,
    **store_candidacy_pages.LINES,
    **store_evidence_pages.LINES,
    **store_review_pages.LINES,
    **store_commission_pages.LINES,
    **store_surveillance_pages.LINES,
    **store_catalogue_pages.LINES,
}
