"""How the program comes to a machine: a Debian package, or a plain installation."""
