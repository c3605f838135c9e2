"""What people see, one screen a module, each with a stylesheet of the same name in `styles/`.

Owns: words, layout, keys. Invariant: no rule about money; what a screen learns it tells the app as a
message, and what it shows it was told.
Refuses to know: HTTP, SQLite, the configuration's file.
"""
