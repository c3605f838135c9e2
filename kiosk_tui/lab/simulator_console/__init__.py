"""The simulator's console: a full screen on which somebody watches it and chooses what goes wrong.

Owns: what is seen of the simulator's own objects, and what a key does to them. It serves in the same
loop. Refuses to know the register: whoever pays does so over the line, from another terminal.
"""
