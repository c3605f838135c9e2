"""The full-screen app: which screen follows from which fact.

Owns: the order of screens, for customers and for staff. Invariant: the payment belongs to the register;
a screen that goes away, or this whole app, leaves it running.
Refuses to know: how a payment is made, and the configuration's file.
"""
