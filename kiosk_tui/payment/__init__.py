"""The path that money takes: flow, recovery and readiness.

Owns: the loop "commit the new state, perform the command, feed the answer back", the replay of due
cancellations, and the rule whether a payment may start.
Invariant: nothing is sent before it is on disk, and nobody is told before the outcome is.
Refuses to know: HTTP, SQLite and Textual. It sees a terminal, a journal and a clock through `ports`.
"""
