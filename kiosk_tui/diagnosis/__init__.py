"""What a technician looks at: each link of the chain from the configuration to the printer.

Owns: the order of the links and what each needs (one table), the checks, their sentences, the bundle.
Invariant: a check returns a finding, whatever happens; it never sends a payment (the test sale goes
through the register, like any other), and a link behind a broken one is skipped, not judged.
Refuses to know: sockets, SQLite, Textual, where the parts come from (`session.bench` fills in the subject).
"""
