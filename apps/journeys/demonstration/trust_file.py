"""Writes the white list of the demonstration's trust space: the domain of the simulated operator (MSS-01)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

DOMAIN = "pro.mssante.example"
OPERATOR = "CN=pro.mssante.example,O=Opérateur simulé,C=FR"
_LIST = """<?xml version="1.0" encoding="UTF-8"?>
<ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">
  <DateDeGeneration>{issued_at}</DateDeGeneration>
  <Domaines>
    <Domaine>
      <Nom>{domain}</Nom>
      <Description>Boîtes des professionnels de la démonstration</Description>
      <DNCertificatOperateur>{operator}</DNCertificatOperateur>
    </Domaine>
  </Domaines>
</ListeBlanche>
"""


def write_trust_list(*, path: Path, at: datetime) -> None:
    """Write the list in the published shape, dated `at`."""
    text = _LIST.format(issued_at=at.isoformat(), domain=DOMAIN, operator=OPERATOR)
    path.write_text(text, encoding="utf-8", newline="\n")
