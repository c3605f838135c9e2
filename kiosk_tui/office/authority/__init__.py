"""The certificate authority of kiosks. Only the enroller loads it, and only the enroller can read its key."""
