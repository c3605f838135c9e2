"""What the kiosks' journals, TECS's history and the clearing say of the same money, held side by side.

Owns: what counts as a disagreement, how grave it is, and what to do about it.
Invariant: only history and clearing settle anything. A push can be forged, so it only asks questions.
"""
