"""Pages of spaces, one module a subject."""
