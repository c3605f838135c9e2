"""Scenario runs: whether a terminal, or the simulator, does what is expected of it.

Owns: what a scenario file may say, the runner that plays its steps, the table and the reports.
Invariant: money moves only through the register it is given; a wrong file sends nothing; what a run
leaves approved is taken back at its end. Refuses to know how a register is opened. (The
simulator's own fault script is another thing: `simulator/scenario.py`.)
"""
