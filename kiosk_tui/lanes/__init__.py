"""Lanes forked from one parent: a process that has loaded the program once, for everybody who comes by SSH.

Owns: how a login command asks the parent for a lane, hands its terminal over, and waits for the lane's
end. Invariant: one request is one lane, or none; whatever fails before the login command's last word
leaves it to start the lane by itself. Refuses to know: configuration, keys, payments, screens.
"""
