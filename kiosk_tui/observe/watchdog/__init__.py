"""Tells systemd how the register is: ready, alive, busy, ending. Loaded only where systemd asked for it."""
