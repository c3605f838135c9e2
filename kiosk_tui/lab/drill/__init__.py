"""The field's proof that no fault loses money.

Owns: the judge, which holds the journal against TECS's own ledger, and the drill that kills a real
register at each step of a payment. Invariant: no money moves, and the real journal is never touched.
"""
