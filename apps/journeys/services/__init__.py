"""Acts over several domains, each in one transaction."""
