"""What the register tells machines: figures for a monitoring system, and alerts to a command.

Owns: the counts, the text format, when somebody has to be alerted and when again.
Invariant: nothing here is waited for by a payment, and nothing here fails one: a full disk, a missing
folder or a command that hangs costs a line in the log.
Refuses to know: the journal's file, screens, what a monitoring system does with it.
"""
