"""Sockets of this machine, for other programs that watch or drive a register.

Owns: where a Unix socket lies and who may connect, lines of bounded length, readers that are too slow.
Invariant: nobody who reads slowly, or not at all, is waited for.
Never: knows what the lines mean.
"""
