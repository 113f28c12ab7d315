"""FranceConnect in small: the OpenID Connect provider of the demonstration and of the tests (IDN-20 to 29).

Standard library, joserfc and its cryptography only; nothing of the portal is imported and nothing is kept on disk.
`python -m simulators.franceconnect`; its variables stand in `config.py`.
"""
