"""Open data of the catalogue (STO-87): JSON and CSV for anybody, described by OpenAPI (decisions.md 25)."""
