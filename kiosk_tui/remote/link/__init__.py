"""What other sessions of this machine see of a register that is held, and how it is handed over.

Owns: the watch socket, the control socket and the note of what nobody has seen, all beside the
journal.
Invariant: whoever watches can only listen, and is never waited for; a register is handed over only
while nothing is in flight.
Refuses to know: how a payment runs, and what is drawn.
"""
