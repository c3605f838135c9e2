"""How money and words look in a country.

Owns: ISO 4217's list of currencies, amounts as a locale writes them, the texts' language.
Invariant: the exponent comes from ISO's data, never from CLDR; what is written has only characters
that every console can show.
Refuses to know: screens, terminals, rules.
"""
