"""How a machine comes to head office, stays, and is cut off: codes, certificate requests, revocation."""
