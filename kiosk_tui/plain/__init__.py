"""The same sale in lines: for screen readers, braille, dumb terminals, pipes and very slow lines.

Owns: the dialogue, a line at a time, and the terminal in its ordinary line mode.
Invariant: what is written is text and line ends, never a control character; nothing that happens to
the line (closed, stalled, gone) can hold the payment up; the payment belongs to the register.
Never: loads Textual, reads the configuration's file, or knows how a payment is made.
"""
