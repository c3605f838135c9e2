"""What is drawn large on a screen, read from its cells."""

from proofs.large import Drawn, amounts, figures_in, in_figures, inked, shows, stands_on

__all__ = ["Drawn", "amounts", "figures_in", "in_figures", "inked", "shows", "stands_on"]
