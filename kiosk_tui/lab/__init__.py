"""What proves an installation: the drill, acceptance runs, the simulator's console."""
