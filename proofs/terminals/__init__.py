"""What terminals answer, cut and late."""
