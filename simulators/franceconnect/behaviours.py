"""How the provider answers: honestly, or with one of the faults that a portal must survive (SEC-17)."""

from __future__ import annotations

from enum import StrEnum


class Behaviour(StrEnum):
    """One answer of the provider; the value is sent by the page and by tests."""

    HONEST = "honest"
    # at the redirection
    CANCELLED = "cancelled"
    WRONG_STATE = "wrong-state"
    MIX_UP = "mix-up"
    # at the token endpoint
    REPLAYED_CODE = "replayed-code"
    EXCHANGE_DOWN = "exchange-down"
    EXCHANGE_SLOW = "exchange-slow"
    EXCHANGE_NOT_JSON = "exchange-not-json"
    NO_IDENTITY = "no-id-token"
    # in the id_token
    WRONG_NONCE = "wrong-nonce"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from-the-future"
    ALG_NONE = "alg-none"
    ALG_HS256 = "alg-hs256"
    UNKNOWN_KEY = "unknown-key"
    BAD_SIGNATURE = "bad-signature"
    WRONG_ISSUER = "wrong-issuer"
    WRONG_AUDIENCE = "wrong-audience"
    WRONG_PARTY = "wrong-azp"
    LOWER_ACR = "lower-acr"
    NO_ACR = "no-acr"
    OLD_LOGIN = "old-login"
    NO_LOGIN_TIME = "no-auth-time"
    # at userinfo
    OTHER_SUBJECT = "other-subject"
    UNSIGNED_USERINFO = "unsigned-userinfo"
    USERINFO_ALG_NONE = "userinfo-alg-none"
    USERINFO_HS256 = "userinfo-hs256"
    USERINFO_OTHER_AUDIENCE = "userinfo-other-audience"
    USERINFO_DOWN = "userinfo-down"
    # in the traits
    SPARSE = "sparse"
    NO_BIRTH_DATE = "no-birth-date"


LABELS = {
    Behaviour.HONEST: "Normal",
    Behaviour.CANCELLED: "La personne interrompt la connexion",
    Behaviour.WRONG_STATE: "« state » d'un autre onglet",
    Behaviour.MIX_UP: "Réponse au nom d'un autre fournisseur (« iss »)",
    Behaviour.REPLAYED_CODE: "Code déjà utilisé",
    Behaviour.EXCHANGE_DOWN: "Erreur 500 à l'échange du code",
    Behaviour.EXCHANGE_SLOW: "Échange du code trop lent",
    Behaviour.EXCHANGE_NOT_JSON: "Échange du code : réponse illisible",
    Behaviour.NO_IDENTITY: "Pas de jeton d'identité",
    Behaviour.WRONG_NONCE: "« nonce » d'une autre session",
    Behaviour.EXPIRED: "Jeton d'identité expiré",
    Behaviour.FROM_THE_FUTURE: "Jeton d'identité daté du futur",
    Behaviour.ALG_NONE: "Jeton d'identité sans signature",
    Behaviour.ALG_HS256: "Jeton d'identité signé par le secret du client (HS256)",
    Behaviour.UNKNOWN_KEY: "Jeton d'identité signé par une clé inconnue",
    Behaviour.BAD_SIGNATURE: "Jeton d'identité, clé connue mais signature fausse",
    Behaviour.WRONG_ISSUER: "Jeton d'identité d'un autre émetteur",
    Behaviour.WRONG_AUDIENCE: "Jeton d'identité pour un autre service",
    Behaviour.WRONG_PARTY: "Jeton d'identité demandé par un autre service (« azp »)",
    Behaviour.LOWER_ACR: "Niveau plus faible que demandé",
    Behaviour.NO_ACR: "Niveau absent",
    Behaviour.OLD_LOGIN: "Ne redemande pas l'identité (« prompt=login » ignoré)",
    Behaviour.NO_LOGIN_TIME: "Ne dit pas quand la personne s'est identifiée",
    Behaviour.OTHER_SUBJECT: "Une autre personne dans les informations (« sub »)",
    Behaviour.UNSIGNED_USERINFO: "Informations non signées (JSON)",
    Behaviour.USERINFO_ALG_NONE: "Informations, algorithme « none »",
    Behaviour.USERINFO_HS256: "Informations signées par le secret du client (HS256)",
    Behaviour.USERINFO_OTHER_AUDIENCE: "Informations pour un autre service",
    Behaviour.USERINFO_DOWN: "Erreur 500 aux informations",
    Behaviour.SPARSE: "Identité incomplète : ni courriel, ni prénom, né en 1952-06-00",
    Behaviour.NO_BIRTH_DATE: "Identité incomplète : date de naissance vide",
}
