"""CDA R2 documents; other apps use `apps.formats.documents`."""
