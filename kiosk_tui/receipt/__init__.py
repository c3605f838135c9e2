"""What the slip says.

Owns: the lines of a slip, from a transaction.
Invariant: what must be printed (receipt footer, svc, serial number) is on it whenever TECS gave it.
Refuses to know: where it is printed, and any card number beyond its masked form.
"""
