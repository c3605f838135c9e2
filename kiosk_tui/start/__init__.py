"""The first moments of a process: a picture on the terminal before anything dear is loaded.

The modules here import what is part of the interpreter and nothing else: `typing` or `os` alone would
cost more than the picture does. A test holds them to it.
"""
