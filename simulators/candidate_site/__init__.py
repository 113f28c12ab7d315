"""Sites of candidates of the store, good, middling, bad and hostile, on loopback under names of their own (STO-113).

All of them pretend to be « Carnet Tension », a service that does not exist, of a company that does not either.
"""
