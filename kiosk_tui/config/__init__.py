"""The configuration: one file, the environment over it, secrets apart.

Owns: the settings' names, types, defaults and checks, and where each value came from.
Invariant: a fault is one sentence that names the key, what is wrong and an example; a secret is never
part of the configuration's values, so showing them shows none.
"""
