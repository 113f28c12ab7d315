"""One invented person: identity traits, contact and standing, put together into a row."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.ins import Authority, control_key
from apps.rollout.population.places import Commune
from apps.rollout.population.rows import EligibilityRow

GENERAL_SCHEME = "01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """INS traits (IDN-01) and names in use. `born` is YYYY-MM-DD, 00 for unknown parts; `twin` 0, 1 or 2."""

    number: str
    family: str
    given: tuple[str, ...]
    sex: str
    born: str
    place: str
    used_family: str = ""
    used_given: str = ""
    twin: int = 0

    @property
    def is_temporary(self) -> bool:
        return self.number[0] in "78"

    @property
    def year(self) -> int:
        return int(self.born[:4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Address and insurance of a household; `scheme` 01 general, 02 agricultural, 04, 08, 95."""

    household: str
    street: str
    commune: Commune
    scheme: str = GENERAL_SCHEME
    complement: str = ""

    @property
    def fund(self) -> str:
        return self.commune.department + ("1" if self.scheme == GENERAL_SCHEME else self.scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Mail address and mobile, empty when unknown. Without a mail address the invitation goes by post (SPA-02)."""

    mail: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """A legal representative: PERE, MERE, FAMILLE with a number; MJPM, ASE without (SPA-50)."""

    quality: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """MAJEUR, MINEUR or MAJEUR_PROTEGE, the measure of protection, at most two representatives, the day of death."""

    situation: str = "MAJEUR"
    measure: str = ""
    representatives: tuple[Representative, ...] = ()
    died_on: str = ""


ADULT = Standing()
NOBODY = Representative(quality="")
NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything a row needs."""

    identity: Identity
    home: Home
    contact: Contact = NO_CONTACT
    standing: Standing = ADULT

    def row(self) -> EligibilityRow:
        """The person as one line of the eligibility file."""
        identity, home, standing = self.identity, self.home, self.standing
        first, second = (*standing.representatives, NOBODY, NOBODY)[:2]
        return EligibilityRow(
            matricule=identity.number,
            cle=control_key(identity.number),
            nature="NIA" if identity.is_temporary else "NIR",
            oid=(Authority.NIA if identity.is_temporary else Authority.TEST_NIR).value,
            nom_naissance=identity.family,
            prenoms_naissance=" ".join(identity.given),
            premier_prenom=identity.given[0],
            nom_utilise=identity.used_family,
            prenom_utilise=identity.used_given or identity.given[0],
            sexe=identity.sex,
            date_naissance=identity.born,
            lieu_naissance=identity.place,
            rang_gemellaire=str(identity.twin or ""),
            regime=home.scheme,
            caisse=home.fund,
            adresse_voie=home.street,
            adresse_complement=home.complement,
            code_postal=home.commune.post_code,
            commune=home.commune.name,
            code_commune=home.commune.code,
            departement=home.commune.department,
            courriel=self.contact.mail,
            mobile=self.contact.mobile,
            canal="courriel" if self.contact.mail else "courrier",
            foyer=home.household,
            situation=standing.situation,
            mesure_protection=standing.measure,
            rl1_matricule=first.number,
            rl1_qualite=first.quality,
            rl2_matricule=second.number,
            rl2_qualite=second.quality,
            date_deces=standing.died_on,
        )
