"""Sign-in by FranceConnect: own provider, since allauth's checks no nonce and no signature (docs/adr/0003)."""
