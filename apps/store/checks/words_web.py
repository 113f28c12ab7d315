"""Words of the checks that ask the web, by reason: what was found, how to cure it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Reason as Unreached

_AGAIN = _("Nothing to do: the check is tried again by itself.")
_ASK = _("Make sure that anybody can open this address from the internet, then start the check again.")
_CERTIFICATE = _("Have a new certificate issued for this name by an authority that browsers know.")
_ADDRESS = _("Give the whole address of a page that anybody may read, beginning with https://.")
_LOOKED_AT = _("Nothing to do now: a person looks at it.")
_STATEMENT = _("Have <base address>/metadata answer with a CapabilityStatement of FHIR R4 in JSON.")

WORDS_WEB: dict[str, tuple[str | Promise, str | Promise]] = {
    Unreached.SCHEME: (_("This address does not begin with https://."), _ADDRESS),
    Unreached.PORT: (_("This address names a port that we do not ask."), _("Give the address without a port.")),
    Unreached.USERINFO: (
        _("This address holds a name or a password in front of the host."),
        _("Remove what stands before the @, and change this password: it was written down."),
    ),
    Unreached.HOST: (
        _("This is not the name of a host on the internet."),
        _("Give the name of your site, such as www.example.fr, not a number."),
    ),
    Unreached.TOO_LONG: (_("This address is too long."), _("Give an address of 2,000 characters at most.")),
    Unreached.MALFORMED: (
        _("This address holds characters that it may not hold."),
        _("Copy the address again from your browser, without spaces."),
    ),
    Unreached.NOT_PUBLIC: (_("This address leads to a machine that is not on the public internet."), _ADDRESS),
    Unreached.UNRESOLVED: (
        _("No site of this name exists."),
        _("Check how the name is written and that it is published in your DNS."),
    ),
    Unreached.DOWNGRADE: (
        _("The site sends its visitors from https to http."),
        _("Have each redirect lead to an address that begins with https://."),
    ),
    Unreached.TOO_MANY_REDIRECTS: (
        _("This address leads through more than three redirects."),
        _("Give the address at which the page really stands."),
    ),
    Unreached.BAD_REDIRECT: (
        _("The site sends its visitors on to an address that is not well written."),
        _("Have each redirect lead to an address without spaces or other characters that addresses may not hold."),
    ),
    Unreached.TIMEOUT: (_("The site did not answer in time."), _ASK),
    Unreached.REFUSED: (_("Nobody answers at this address."), _ASK),
    Unreached.BROKEN: (_("The answer of the site broke off or could not be read."), _ASK),
    Unreached.DNS: (_("The servers of names of this domain did not answer."), _ASK),
    Unreached.EXPIRED: (
        _("The certificate of the site has ended."),
        _("Renew the certificate, and have it renewed automatically from now on."),
    ),
    Unreached.WRONG_HOST: (_("The certificate of the site was issued for another name."), _CERTIFICATE),
    Unreached.UNTRUSTED: (
        _("The certificate does not come from an authority that browsers know, or a link of its chain is missing."),
        _("Have a certificate issued by such an authority, and let the server send the whole chain."),
    ),
    Unreached.NO_TLS: (_("The site does not speak TLS 1.2 or later."), _("Switch TLS 1.2 and 1.3 on, on port 443.")),
    Reason.SERVER_ERROR: (_("The site says that it is out of order or too busy."), _ASK),
    Reason.PAGE_CLOSED: (
        _("This page refuses to be read without an account, or refuses automatic checks."),
        _("Open the page to everybody, without signing in."),
    ),
    Reason.PAGE_NOT_FOUND: (_("There is no page at this address."), _ADDRESS),
    Reason.TOO_LARGE: (_("The answer is larger than what we read (2 MB, or 50,000 values of JSON)."), _LOOKED_AT),
    Reason.NO_BROWSER: (_("No browser is installed for this check: it was not run."), _LOOKED_AT),
    Reason.TLS_OLD: (
        _("The site still accepts TLS 1.0 or 1.1, which can be broken."),
        _("Switch TLS 1.0 and 1.1 off on the server."),
    ),
    Reason.TLS_ENDS_SOON: (
        _("The certificate ends in less than thirty days."),
        _("Renew the certificate, and have it renewed automatically from now on."),
    ),
    Reason.HTTP_SERVES: (
        _("The site shows its pages over http, where anybody on the way can read and change them."),
        _("Answer every request over http by a permanent redirect (301 or 308) to https."),
    ),
    Reason.HTTP_CLOSED: (
        _("Port 80 is closed: who types your address without https may get no answer."),
        _("Open port 80 for a permanent redirect to https alone."),
    ),
    Reason.HTTP_NO_REDIRECT: (
        _("Over http, the site does not lead to https."),
        _("Answer every request over http by a permanent redirect (301 or 308) to https."),
    ),
    Reason.HTTP_TEMPORARY: (_("The redirect to https is a temporary one."), _("Use status 301 or 308 instead.")),
    Reason.HSTS_ABSENT: (
        _("The site does not tell browsers to come over https only (HSTS)."),
        _("Add the header Strict-Transport-Security: max-age=31536000."),
    ),
    Reason.HSTS_SHORT: (
        _("The promise of https (HSTS) lasts less than 180 days."),
        _("Set max-age to 15552000 seconds at least."),
    ),
    Reason.HEADERS_MISSING: (
        _("Some headers that protect visitors are missing or too loose."),
        _("Add the headers that are listed; a content security policy without 'unsafe-inline' protects best."),
    ),
    Reason.SECURITY_TXT_ABSENT: (
        _("There is no security.txt."),
        _("Publish /.well-known/security.txt with a contact and a date of end."),
    ),
    Reason.SECURITY_TXT_UNREADABLE: (
        _("The security.txt holds no field that can be read."),
        _("Write it as RFC 9116 says: one field on each line, such as Contact: and Expires:."),
    ),
    Reason.SECURITY_TXT_EXPIRED: (
        _("The security.txt has ended."),
        _("Check its contacts, then write a new date in Expires, less than a year ahead."),
    ),
    Reason.SECURITY_TXT_CONTACT: (
        _("A contact of the security.txt is not an address that can be followed."),
        _("Write each contact as mailto:, https:// or tel:."),
    ),
    Reason.SECURITY_TXT_INCOMPLETE: (
        _("The security.txt lacks a contact or one date of end."),
        _("Add one field Contact at least, and exactly one field Expires."),
    ),
    Reason.SECURITY_TXT_TYPE: (
        _("The security.txt is not sent as plain text."),
        _("Send it with the type text/plain; charset=utf-8."),
    ),
    Reason.TRACKERS_BLOCKED: (
        _("The page calls a tracker that is refused, before the visitor agreed to anything."),
        _("Remove this tracker, or load it after consent only if its transfers are lawful."),
    ),
    Reason.TRACKERS_UNKNOWN: (
        _("The page calls third parties before the visitor agreed to anything."),
        _("Host these files yourself, load them after consent, or explain in the dossier why they are needed."),
    ),
    Reason.LEGAL_ABSENT: (
        _("There is no page at this address, which visitors have a right to read."),
        _("Publish the page, or give the address at which it stands."),
    ),
    Reason.LEGAL_EMPTY: (_("This page is empty."), _("Publish its text.")),
    Reason.LEGAL_HOME: (
        _("This address leads to the first page of the site."),
        _("Give the address at which the page really stands."),
    ),
    Reason.LEGAL_TYPE: (
        _("This address gives neither a page nor a PDF."),
        _("Publish the text as a page, or as a PDF."),
    ),
    Reason.LEGAL_LOCKED: (
        _("The words of this PDF cannot be read: it is locked, damaged or made of pictures."),
        _("Publish a PDF with real text, without a password, or better a page."),
    ),
    Reason.LEGAL_SCRIPT: (
        _("The text does not stand in this page: a script, a frame, a picture or another page shows it."),
        _("Let the server send the text itself."),
    ),
    Reason.LEGAL_LANGUAGE: (
        _("The text of this page does not seem to be French."),
        _("Give the address of the French version."),
    ),
    Reason.LEGAL_SHORT: (
        _("The text of this page is short (1,500 characters at most)."),
        _("Check that nothing which the law asks for is missing."),
    ),
    Reason.ACCESSIBILITY_ABSENT: (
        _("There is no accessibility statement at this address."),
        _("Publish the statement that RGAA describes, and give its address."),
    ),
    Reason.ACCESSIBILITY_NOT_CONFORM: (
        _("The statement says that the service does not conform to RGAA."),
        _("Have the service audited and corrected, then publish a new statement."),
    ),
    Reason.ACCESSIBILITY_UNREAD: (
        _("No rate of conformity was found in the statement."),
        _("Write the rate as the model of RGAA does, in French."),
    ),
    Reason.ACCESSIBILITY_UNCLEAR: (
        _("The words and the rate of the statement contradict each other."),
        _("Correct the statement: below 50 percent a service does not conform, at 100 it conforms fully."),
    ),
    Reason.ACCESSIBILITY_PARTIAL: (
        _("The rate of conformity is below 75 percent."),
        _("Correct the criteria that are not met, beginning with those of the main journey."),
    ),
    Reason.ACCESSIBILITY_UNDATED: (
        _("No date of the statement was found."),
        _("Write on which day the statement was established."),
    ),
    Reason.ACCESSIBILITY_OLD: (
        _("The statement is more than three years old."),
        _("Have the service audited again, then publish a new statement."),
    ),
    Reason.ACCESSIBILITY_DIFFERS: (
        _("The rate of the statement is not the one that you declared."),
        _("Correct your answer or the statement."),
    ),
    Reason.AXE_VIOLATIONS: (
        _("A machine found obstacles to accessibility on this page."),
        _("Correct the rules that are listed; the documentation of axe-core explains each of them."),
    ),
    Reason.FHIR_ABSENT: (_("There is no statement of capabilities at this address."), _STATEMENT),
    Reason.FHIR_NOT_FHIR: (_("What this address answers is not FHIR."), _STATEMENT),
    Reason.FHIR_VERSION: (
        _("The server announces another version of FHIR than 4.0.1."),
        _("Offer FHIR R4 (4.0.1) at this address."),
    ),
    Reason.FHIR_XML: (
        _("The server answers in XML where nothing is asked for."),
        _("Let the server answer in JSON by default."),
    ),
    Reason.FHIR_INVALID: (
        _("The statement of capabilities does not follow the model of FHIR R4."),
        _("Validate it with the official validator, then correct it."),
    ),
    Reason.FHIR_RESOURCES: (
        _("Resources that you declared are not announced by the server."),
        _("Add them to the statement of capabilities, or correct your answer."),
    ),
    Reason.FHIR_INTERACTIONS: (
        _("Resources that you declared cannot be read or searched."),
        _("Announce the interactions read or search-type of these resources."),
    ),
    Reason.OPENID_ABSENT: (
        _("There is no discovery document below this issuer."),
        _("Publish /.well-known/openid-configuration or /.well-known/smart-configuration below the issuer."),
    ),
    Reason.OPENID_UNREADABLE: (
        _("The discovery document is not a JSON object."),
        _("Let the server send the document as JSON."),
    ),
    Reason.OPENID_ISSUER: (
        _("The discovery document names another issuer."),
        _("Give exactly the issuer that the document names, or correct the document."),
    ),
    Reason.OPENID_CLEAR: (
        _("Addresses of the discovery document do not begin with https://."),
        _("Offer each of these addresses over https only."),
    ),
    Reason.OPENID_PRIVATE_KEY: (
        _("The published keys hold a private or a shared key."),
        _("Replace this key at once, everybody may have it, then publish the public half alone."),
    ),
    Reason.OPENID_KEYS: (
        _("The keys of the issuer cannot be read."),
        _("Publish a JSON document with a list of keys at the address jwks_uri."),
    ),
    Reason.OPENID_IMPLICIT: (
        _("The issuer still offers the implicit flow."),
        _("Keep the flow by authorization code alone, with PKCE S256."),
    ),
    Reason.OPENID_MISSING: (_("Parts of the discovery document are missing."), _("Add the parts that are listed.")),
    Reason.NO_TOKEN: (
        _("The dossier has no code of verification yet: nothing was looked at."),
        _("Ask for the code on the page of the dossier."),
    ),
    Reason.OWNERSHIP_ABSENT: (
        _("Nothing shows that this domain is yours."),
        _("Publish the code as a TXT record of _ens-portal.<domain>, or at <domain>/.well-known/ens-portal.txt."),
    ),
    Reason.OWNERSHIP_ELSEWHERE: (
        _("Nothing shows that this domain is yours; it may be that of a supplier."),
        _("If it is yours, publish the code there too; otherwise an assessor looks at it."),
    ),
    Reason.OWNERSHIP_MANY: (
        _("The dossier names more than twenty domains: nobody was asked about this one."),
        _("Name the places of your service alone; an assessor looks at it."),
    ),
}
