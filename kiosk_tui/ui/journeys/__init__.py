"""Which screen follows from which fact: a coordinator each for customers, cashiers, staff, technicians.

Owns: the order of screens. Invariant: the payment belongs to the register; a screen that goes away, or
this whole app, leaves it running. Refuses to know: how a payment is made, and the configuration's file.
`routes` builds the journeys and says which of them takes which message.
"""
