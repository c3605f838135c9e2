"""What a payment is and what may happen to it.

Owns: money, tips, the lifecycle table, transactions and the outcomes of a request.
Invariant: everything here is a pure function or a frozen value.
Refuses to know: HTTP, SQLite, Textual, files, clocks. Standard library only.
"""
