"""Kiosks that sell by themselves on simulators, all in one process: what a head office is shown with."""
