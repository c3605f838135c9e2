"""What people type.

Owns: arguments, exit codes, the sentences and the JSON that commands print.
Invariant: every command that moves money goes through the same register and lock as the app.
Refuses to know: rules. It turns words into orders and outcomes into words.
"""
