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
    NO_CODE = "no-code"
    ERROR_AND_CODE = "error-and-code"
    REDIRECTED_ERROR = "redirected-error"
    STRANGE_ERROR = "strange-error"
    # at the token endpoint
    REPLAYED_CODE = "replayed-code"
    EXCHANGE_DOWN = "exchange-down"
    EXCHANGE_SLOW = "exchange-slow"
    EXCHANGE_NOT_JSON = "exchange-not-json"
    EXCHANGE_DROPS = "exchange-drops"
    EXCHANGE_HUGE = "exchange-huge"
    EXCHANGE_BOMB = "exchange-bomb"
    EXCHANGE_REDIRECTS = "exchange-redirects"
    EXCHANGE_LIST = "exchange-list"
    EXCHANGE_DEEP = "exchange-deep"
    EXCHANGE_TWICE = "exchange-twice"
    EXCHANGE_ERROR_200 = "exchange-error-200"
    NO_ACCESS = "no-access-token"
    NO_IDENTITY = "no-id-token"
    # in the id_token
    WRONG_NONCE = "wrong-nonce"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from-the-future"
    ALG_NONE = "alg-none"
    ALG_HS256 = "alg-hs256"
    UNKNOWN_KEY = "unknown-key"
    BAD_SIGNATURE = "bad-signature"
    ALG_HS256_PUBLIC = "alg-hs256-public-key"
    EMBEDDED_KEY = "embedded-key"
    CRITICAL_HEADER = "critical-header"
    CUT_SHORT = "cut-token"
    NO_JWT = "not-a-token"
    CLAIMS_ARE_A_LIST = "claims-are-a-list"
    NO_EXPIRY = "no-exp"
    NO_ISSUED = "no-iat"
    ISSUED_LONG_AGO = "issued-long-ago"
    NOT_YET_VALID = "not-before"
    NO_NONCE = "no-nonce"
    NO_SUBJECT = "no-sub"
    LONG_SUBJECT = "long-sub"
    NUMBER_SUBJECT = "number-sub"
    WRONG_ISSUER = "wrong-issuer"
    WRONG_AUDIENCE = "wrong-audience"
    WRONG_PARTY = "wrong-azp"
    MANY_AUDIENCES = "many-audiences"
    LOWER_ACR = "lower-acr"
    NO_ACR = "no-acr"
    UNKNOWN_ACR = "unknown-acr"
    ACR_LIST = "acr-list"
    OLD_LOGIN = "old-login"
    NO_LOGIN_TIME = "no-auth-time"
    # at userinfo
    OTHER_SUBJECT = "other-subject"
    UNSIGNED_USERINFO = "unsigned-userinfo"
    USERINFO_ALG_NONE = "userinfo-alg-none"
    USERINFO_HS256 = "userinfo-hs256"
    USERINFO_OTHER_AUDIENCE = "userinfo-other-audience"
    USERINFO_DOWN = "userinfo-down"
    USERINFO_NO_SUBJECT = "userinfo-no-sub"
    USERINFO_OTHER_ISSUER = "userinfo-other-issuer"
    USERINFO_UNKNOWN_KEY = "userinfo-unknown-key"
    USERINFO_REFUSED = "userinfo-refused"
    USERINFO_HTML = "userinfo-html"
    USERINFO_HUGE = "userinfo-huge"
    USERINFO_REDIRECTS = "userinfo-redirects"
    USERINFO_SLOW = "userinfo-slow"
    # around the id_token, when tokens are encrypted
    IN_CLEAR = "in-clear"
    OTHER_RECIPIENT = "other-recipient"
    WEAK_ENCRYPTION = "weak-encryption"
    NONE_IN_ENCRYPTED = "none-in-encrypted"
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
    Behaviour.NO_CODE: "Ni code ni erreur à la redirection",
    Behaviour.ERROR_AND_CODE: "Une erreur et un code ensemble",
    Behaviour.REDIRECTED_ERROR: "Erreur du fournisseur à la redirection",
    Behaviour.STRANGE_ERROR: "Erreur inconnue à la redirection, avec du balisage",
    Behaviour.EXCHANGE_DROPS: "Échange du code : octet par octet",
    Behaviour.EXCHANGE_HUGE: "Échange du code : réponse énorme",
    Behaviour.EXCHANGE_BOMB: "Échange du code : réponse compressée qui enfle",
    Behaviour.EXCHANGE_REDIRECTS: "Échange du code : renvoi vers une autre adresse",
    Behaviour.EXCHANGE_LIST: "Échange du code : une liste au lieu d'un objet",
    Behaviour.EXCHANGE_DEEP: "Échange du code : 20 000 listes emboîtées",
    Behaviour.EXCHANGE_TWICE: "Échange du code : deux jetons d'identité sous le même nom",
    Behaviour.EXCHANGE_ERROR_200: "Échange du code : erreur avec l'état 200",
    Behaviour.NO_ACCESS: "Pas de jeton d'accès",
    Behaviour.ALG_HS256_PUBLIC: "Jeton d'identité signé en HS256 avec la clé publique",
    Behaviour.EMBEDDED_KEY: "Jeton d'identité qui apporte sa propre clé",
    Behaviour.CRITICAL_HEADER: "Jeton d'identité avec une extension obligatoire inconnue",
    Behaviour.CUT_SHORT: "Jeton d'identité coupé",
    Behaviour.NO_JWT: "Jeton d'identité qui n'en est pas un",
    Behaviour.CLAIMS_ARE_A_LIST: "Jeton d'identité dont le contenu est une liste",
    Behaviour.NO_EXPIRY: "Jeton d'identité sans fin",
    Behaviour.NO_ISSUED: "Jeton d'identité sans date",
    Behaviour.ISSUED_LONG_AGO: "Jeton d'identité ancien, encore valable",
    Behaviour.NOT_YET_VALID: "Jeton d'identité valable plus tard (« nbf »)",
    Behaviour.NO_NONCE: "Jeton d'identité sans « nonce »",
    Behaviour.NO_SUBJECT: "Jeton d'identité sans « sub »",
    Behaviour.LONG_SUBJECT: "« sub » de 300 caractères",
    Behaviour.NUMBER_SUBJECT: "« sub » qui est un nombre",
    Behaviour.MANY_AUDIENCES: "Jeton d'identité pour plusieurs services, sans « azp »",
    Behaviour.UNKNOWN_ACR: "Niveau inconnu",
    Behaviour.ACR_LIST: "Niveau sous forme de liste",
    Behaviour.USERINFO_NO_SUBJECT: "Informations sans « sub »",
    Behaviour.USERINFO_OTHER_ISSUER: "Informations d'un autre émetteur",
    Behaviour.USERINFO_UNKNOWN_KEY: "Informations signées par une clé inconnue",
    Behaviour.USERINFO_REFUSED: "Informations : jeton d'accès refusé",
    Behaviour.USERINFO_HTML: "Informations : page HTML",
    Behaviour.USERINFO_HUGE: "Informations : réponse énorme",
    Behaviour.USERINFO_REDIRECTS: "Informations : renvoi vers une autre adresse",
    Behaviour.USERINFO_SLOW: "Informations trop lentes",
    Behaviour.IN_CLEAR: "Jeton d'identité en clair au lieu de chiffré",
    Behaviour.OTHER_RECIPIENT: "Jeton d'identité chiffré pour un autre service",
    Behaviour.WEAK_ENCRYPTION: "Jeton d'identité chiffré par un procédé non admis",
    Behaviour.NONE_IN_ENCRYPTED: "Jeton d'identité chiffré, sans signature dedans",
}
