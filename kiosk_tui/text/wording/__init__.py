"""What customers are told about facts, in the customer's language.

Owns: the sentences that every front shares, whether it draws screens or says lines.
Invariant: our own words, never TECS's; "approved" and "declined" only for what TECS said.
Refuses to know: how words are shown.
"""
