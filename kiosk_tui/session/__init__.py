"""Puts the house together: the only room that names concrete classes."""
