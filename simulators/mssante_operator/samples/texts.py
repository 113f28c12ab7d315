"""What the samples say."""

from __future__ import annotations

PLAIN = """Votre rendez-vous de jeudi est confirmé à 10 h 15.
Pensez à apporter vos dernières ordonnances. En cas d'empêchement, répondez à ce message.

Bien à vous,"""
HTML = """<html><head><title>Conseils</title><style>p { color: red }</style></head><body>
<p>Bonjour,</p>
<p>Marchez <b>trente minutes</b> par jour &amp; buvez de l'eau.</p>
<img src="https://mouchard.hors-confiance.example/vu.png?qui=patient" width="1" height="1" alt="">
<script>document.title = "pris"</script>
<form action="https://hors-confiance.example/"><input name="mot-de-passe"></form>
<p>Bien à vous</p>
</body></html>
"""
LABORATORY = "Veuillez trouver ci-joint les résultats de vos analyses."
PICTURE = "Voici la photo prise pendant la consultation. Surveillez l'évolution."
FORWARDING = "Je vous transmets l'avis de mon confrère."
FORWARDED = "Mon avis est favorable. Le détail est en pièce jointe.\n"
OUTLOOK = "Votre ordonnance est en pièce jointe."
VIRUS = "Veuillez ouvrir la pièce jointe."
LARGE = "Voici les images de votre scanner."
LAST_WORD = "Votre suivi est terminé : cette conversation prend fin avec ce message."
RECEIPT = "Merci de prendre connaissance de ce message avant votre hospitalisation."
SEVERAL = "Mon confrère, en copie, suivra votre traitement avec moi."
