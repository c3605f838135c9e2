"""How other software drives the register: JSON lines over a socket of this machine.

Owns: the protocol (`docs/pos.md`), its connections and their bounds.
Invariant: a payment belongs to the register, never to a connection; asked again under the caller's
own reference, it is the same payment.
Never: knows how a payment runs; it asks the register, as a screen does.
"""
