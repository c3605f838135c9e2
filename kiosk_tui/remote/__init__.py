"""What other processes say to a register: POS software, watchers, a session that takes over."""
