"""What stands between Textual and the terminal: output that never waits, input that is read once."""
