"""Images of whole devices: a small Debian that boots into the kiosk, and what it does at its first boot."""
