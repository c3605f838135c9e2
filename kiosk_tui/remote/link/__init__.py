"""The link between this program's own processes: a register is watched, and taken over.

Owns: one socket beside the journal, the messages on it, and the rule of who may take over.
Invariant: whoever watches can only listen, and is never waited for; a register is handed over only
while nothing is in flight.
Never: runs a payment, or draws a screen.
"""
