"""Words of the checks that need no web, by reason: what was found, how to cure it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.store.checks.local.reasons import Reason

AGAIN = _("Nothing to do: the check is tried again by itself.")
_REPLACE = _("Replace the file by another one.")
_STRIP_PDF = _("Print the document to a new PDF, then replace the file by it.")
_NEW_CERTIFICATE = _("Give the certificate that is valid today, and its number as it stands on it.")

WORDS_LOCAL: dict[str, tuple[str | Promise, str | Promise]] = {
    Reason.FILE_WAITING: (_("The antivirus has not looked at this file yet."), AGAIN),
    Reason.FILE_BLOCKED: (_("The antivirus blocked this file: it was not looked at."), _REPLACE),
    Reason.FILE_GONE: (_("This file is no longer in the dossier."), ""),
    Reason.FILE_AWAY: (_("The file could not be fetched from our store."), AGAIN),
    Reason.DECODER_LOST: (_("Our reading of the file was interrupted."), AGAIN),
    Reason.REDIRECT_MALFORMED: (
        _("This is not an exact web address."),
        _("Write the whole address as your server knows it, without spaces; a name with accents begins by xn--."),
    ),
    Reason.REDIRECT_WILDCARD: (
        _("The address holds a wildcard or a placeholder."),
        _("Declare each address exactly, one by one."),
    ),
    Reason.REDIRECT_FRAGMENT: (
        _("The address holds a fragment (#)."),
        _("Declare the address without what follows #."),
    ),
    Reason.REDIRECT_NOT_HTTPS: (_("The address does not begin by https."), _("Declare an address in https.")),
    Reason.REDIRECT_USERINFO: (
        _("The address holds a name or a password before the host."),
        _("Declare the address without what stands before @."),
    ),
    Reason.REDIRECT_ADDRESS: (
        _("The host is an IP address."),
        _("Declare the address with a name of your domain."),
    ),
    Reason.REDIRECT_LOCALHOST: (
        _("The address leads to the machine of the person (localhost) or to an internal network."),
        _("Declare the address of your service on the internet."),
    ),
    Reason.REDIRECT_OTHER_DOMAIN: (
        _("The domain of this address is none of those of your service."),
        _("Use a domain of your service, or name this one among your hosts; an assessor looks at it."),
    ),
    Reason.REDIRECT_CUSTOM_SCHEME: (
        _("The address is that of a mobile application, which another application could take."),
        _("Prefer an https link that opens your application; an assessor looks at it."),
    ),
    Reason.HDS_LIST_AWAY: (_("The list of certified hosts is not there or cannot be read."), AGAIN),
    Reason.HDS_ABSENT: (_("No certificate of this number is in the list of certified hosts."), _NEW_CERTIFICATE),
    Reason.HDS_ENDED: (_("The certificate of the host has ended."), _NEW_CERTIFICATE),
    Reason.HDS_ENDS_SOON: (
        _("The certificate of the host ends in less than 60 days."),
        _("Ask your host for the renewed certificate, and give it as soon as it is there."),
    ),
    Reason.HDS_ACTIVITIES: (
        _("The certificate of the host does not cover all activities that you use."),
        _("Correct the activities, or give a certificate that covers them."),
    ),
    Reason.HDS_NO_ACTIVITY: (
        _("The activities that you use are missing or are not numbers from 1 to 6."),
        _("Tick the activities of your contract with the host."),
    ),
    Reason.HDS_OTHER_HOST: (
        _("The list names another host for this certificate."),
        _("Write the name of the host as it stands on the certificate; an assessor looks at it."),
    ),
    Reason.HDS_OTHER_END: (
        _("The list gives another end for this certificate."),
        _("Correct the date of the end; an assessor looks at it."),
    ),
    Reason.IMAGE_KIND: (
        _("The picture is neither a PNG nor a JPEG."),
        _("Save the picture as PNG or JPEG; SVG is not accepted."),
    ),
    Reason.IMAGE_DAMAGED: (
        _("The picture is damaged."),
        _("Open the picture, save it anew as PNG, and replace the file."),
    ),
    Reason.IMAGE_ANIMATED: (_("The picture moves."), _("Give a picture of one frame.")),
    Reason.IMAGE_TOO_HEAVY: (_("The picture is larger than 5 MB."), _("Save the picture smaller, or as JPEG.")),
    Reason.IMAGE_TOO_LARGE: (_("The picture has too many pixels."), _("Give a picture of at most 50 million pixels.")),
    Reason.IMAGE_TOO_COMPLEX: (
        _("The picture takes too long to read."),
        _("Save the picture anew as PNG, or smaller; an assessor looks at it."),
    ),
    Reason.IMAGE_RATIO: (
        _("The picture has not the expected form."),
        _("A logo is square; a screenshot is 16:9, or 9:16 for a telephone."),
    ),
    Reason.IMAGE_TOO_SMALL: (
        _("The picture is too small."),
        _("A logo has at least 512 pixels a side, a screenshot at least 1080 on its shorter side."),
    ),
    Reason.IMAGE_COLOURS: (_("The colours are not those of the web."), _("Export the picture in sRGB.")),
    Reason.IMAGE_PLACE: (
        _("The picture tells where it was taken."),
        _("Remove the metadata of the picture (GPS), and replace the file."),
    ),
    Reason.PDF_DAMAGED: (_("The PDF cannot be opened."), _STRIP_PDF),
    Reason.PDF_ENCRYPTED: (
        _("The PDF is protected by a password or encrypted."),
        _("Give the PDF without protection."),
    ),
    Reason.PDF_SCRIPT: (_("The PDF holds a script."), _STRIP_PDF),
    Reason.PDF_EMBEDDED: (_("The PDF holds other files."), _("Give each document apart, without attachments.")),
    Reason.PDF_ACTIVE: (_("The PDF holds actions or a form that a program draws."), _STRIP_PDF),
    Reason.PDF_TOO_MANY_PAGES: (_("The PDF has more than 500 pages."), _("Give the pages that answer the question.")),
    Reason.PDF_TOO_HEAVY: (_("The PDF is larger than 20 MB."), _("Make the PDF smaller, or give it in parts.")),
    Reason.PDF_TOO_COMPLEX: (_("The PDF takes too long to read."), _STRIP_PDF),
    Reason.PDF_NO_TEXT: (
        _("No text was found in the PDF: its pages are only pictures."),
        _("Give the original document as PDF, or recognise the text of the scan; an assessor looks at it."),
    ),
    Reason.VIRUS_FOUND: (_("The antivirus found something in this file: nobody can open it."), _REPLACE),
    Reason.VIRUS_WAITING: (_("The file still waits for the antivirus."), AGAIN),
    Reason.TYPE_NOT_ALLOWED: (
        _("The content of the file is of a type that is not accepted."),
        _("Give a PDF, PNG, JPEG, CSV or XLSX file."),
    ),
    Reason.TYPE_MISMATCH: (
        _("The ending of the name does not fit the content of the file."),
        _("Name the file after what it is, or save it anew in the right format."),
    ),
    Reason.TYPE_MACROS: (_("The workbook holds macros."), _("Save the workbook as XLSX without macros.")),
    Reason.SIREN_NUMBER: (
        _("The number is no SIREN or SIRET: its key does not fit."),
        _("Copy the number from your registration."),
    ),
    Reason.SIREN_NOT_LISTED: (
        _("The number is well formed but is not in our copy of the directory."),
        _("Check the number; an assessor looks at it."),
    ),
    Reason.SIREN_NO_LONGER_LISTED: (
        _("The directory no longer lists this number."),
        _("Check that the establishment is still open; an assessor looks at it."),
    ),
    Reason.SIREN_OTHER_COMPANY: (
        _("The SIRET does not begin by the SIREN."),
        _("Give the SIREN and a SIRET of the same company."),
    ),
    Reason.SIREN_OTHER_PUBLISHER: (
        _("The number is that of another company than the publisher's."),
        _("Give the numbers of the publisher that makes the application; an assessor looks at it."),
    ),
    Reason.FINESS_NUMBER: (
        _("This is no FINESS number."),
        _("Copy the nine characters of the number from your authorisation."),
    ),
    Reason.FINESS_NOT_LISTED: (
        _("The number is well formed but is not in our copy of FINESS."),
        _("Check the number; an assessor looks at it."),
    ),
    Reason.FINESS_NO_LONGER_LISTED: (
        _("FINESS no longer lists this number."),
        _("Check that the establishment is still open; an assessor looks at it."),
    ),
    Reason.FINESS_OTHER_COMPANY: (
        _("FINESS gives this number to another company than the publisher's."),
        _("Check the number, or say in your comment who runs the establishment; an assessor looks at it."),
    ),
    Reason.EMAIL_MALFORMED: (_("This is no e-mail address."), _("Correct the address.")),
    Reason.EMAIL_DISPOSABLE: (
        _("The address is on a domain of short-lived mailboxes."),
        _("Give an address of your organisation."),
    ),
    Reason.EMAIL_NOT_CONFIRMED: (
        _("Nobody has confirmed this address yet."),
        _("Open the message sent to this address, and confirm it within 48 hours."),
    ),
    Reason.STORE_LINK: (
        _("This is no https link to the page of an application."),
        _("Copy the link from the page of your application in the App Store or Google Play."),
    ),
    Reason.STORE_LINK_OTHER: (_("The link leads to the other store."), _("Put each link in the field of its store.")),
    Reason.EVIDENCE_ENDED: (_("This evidence has ended."), _("Replace the file by the one that is valid today.")),
    Reason.EVIDENCE_ENDS_SOON: (
        _("This evidence ends in less than 60 days."),
        _("Prepare its renewal, and replace the file as soon as you have it."),
    ),
    Reason.EVIDENCE_AUDIT_OLD: (
        _("The penetration test is 18 months old or more."),
        _("Have a new test made, and give its summary."),
    ),
    Reason.EVIDENCE_NO_DATE: (
        _("The day of the penetration test is missing."),
        _("Give the day of the test beside the file."),
    ),
    Reason.EVIDENCE_IN_FUTURE: (
        _("The day of the penetration test is yet to come."),
        _("Correct the day of the test."),
    ),
    Reason.SECRET_FOUND: (
        _("The file holds what looks like a key or a password."),
        _("Consider it as known to others: revoke it, make a new one, then replace the file without it."),
    ),
    Reason.SECRETS_NOT_READ: (
        _("The text of the PDF cannot be read: nobody has searched it for keys and passwords."),
        _("See what the check of the PDF says."),
    ),
}
