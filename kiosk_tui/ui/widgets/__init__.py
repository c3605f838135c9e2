"""Pieces of screens: big figures, choice tiles.

Owns: how they are drawn, with characters that every Linux console font has.
Refuses to know: what a payment is.
"""
