"""Head office's signed commands: what they may be, and that each is done once at most.

No verb moves money, and the register is told by files alone: nothing here knows how a payment runs.
"""
