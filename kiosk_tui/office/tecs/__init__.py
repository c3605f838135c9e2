"""What TECS tells head office of transactions: by push, by file, when it is asked.

Owns: the allow-list of what is kept of it, and how the same word told again is stored once.
Invariant: card numbers, expiries and names are dropped before anything else happens.
"""
