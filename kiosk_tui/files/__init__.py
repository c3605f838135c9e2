"""The machine's files: read within a bound and a deadline, written so that nobody else may touch them.

Owns: how a file that a person names is opened, how one of ours is made, and what the file system under
it forgets.
Invariant: nothing here waits for ever, follows a link that somebody else laid, or makes anything that
others may write.
"""
