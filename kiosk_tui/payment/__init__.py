"""The path that money takes: flow, recovery and readiness.

Owns: the loop "commit the new state, perform the command, apply the answer", the replay of due
cancellations, and the rule whether a payment may start.
Invariant: nothing is sent before it is on disk, and nobody is told before the outcome is.
Does not know: HTTP, SQLite and Textual. It sees a terminal, a journal and a clock through `ports`.
"""
