"""IHE XDM packages, as professionals attach them to their messages (MSS-50..57)."""
