"""How other software drives the register: HTTP on a socket of this machine, and with tokens on a port.

Owns: the paths (`routes`), what goes in and out (`models`), the problems, and the bounds of connections.
Invariant: a payment belongs to the register, never to a connection; asked again under the caller's own
reference, it is the same payment.
Never: knows how a payment runs, or a rule about money; it asks the register, as a screen does.
"""
