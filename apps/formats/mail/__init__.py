"""Mails of secure messaging: bytes in, values out, and back; pure, without network, disk or rows (MSS-23 to MSS-63)."""
