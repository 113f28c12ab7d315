"""The demonstration country: a fixed cast, invented professionals, people and documents (docs/demonstration.md)."""
