"""An independent TECS: its terminal, its host, its ledger and its faults.

Owns: its own reading of the protocol, and the ledger that judges the register.
Invariant: it shares no code with the register and imports nothing of it, so that both cannot carry
the same misreading. The heart (`tecs`) knows nothing of HTTP; `asgi` and `server` put it on a line.
"""
