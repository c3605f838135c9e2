"""The cashier's screens: the register itself, its list, forms, tasks, and the day's end."""
