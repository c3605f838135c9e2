"""Figures, letters and signs as rows of characters: drawn once, in two looks.

A blank is the ground, `█` is ink; the rich look has half blocks and quadrants beside it. A shape has the
same size in both looks.
"""
