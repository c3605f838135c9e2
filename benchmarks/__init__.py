"""What kiosk-tui costs, as ratios against the least that could do the same: `python -m benchmarks`."""
