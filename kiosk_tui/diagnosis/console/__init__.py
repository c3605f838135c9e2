"""What a console can draw, and what fits it.

Owns: the facts about a terminal, how they are gathered, the advice that follows, the report.
Invariant: the advice is a pure function of facts; nothing but text goes where no terminal is.
Refuses to know: Textual, the register, the configuration.
"""
