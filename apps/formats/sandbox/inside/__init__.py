"""Code of the child. It runs with an empty environment and, before it sees the first hostile byte, without the right
to open anything. It imports constants of the portal, no Django, no settings.
"""
