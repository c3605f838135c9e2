"""What the register tells machines: figures for a monitoring system, and alerts to a command.

Owns: the counts, the text format, when somebody has to be alerted and when again.
Invariant: nothing here is waited for by a payment, and nothing here fails one: a full disk, a missing
folder or a command that hangs costs a line in the log.
Never: reads the journal's file, or knows a screen.
"""
