"""The same shapes with half blocks and quadrants."""
