"""What several tests share: virtual time, a terminal that does as told, a register on a real file."""
