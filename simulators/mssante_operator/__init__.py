"""A second mail operator of the trust space: boxes of professionals, mail both ways over TLS, a page to try them with.

It knows the portal by SMTP alone. Everything is kept in memory; all boxes and people are invented.
"""
