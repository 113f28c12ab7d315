"""Forms of spaces, one module a subject."""
