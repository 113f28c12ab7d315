"""The operator that carries our mails into the trust space (MSS-04)."""
