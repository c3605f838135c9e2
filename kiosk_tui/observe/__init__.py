"""What tells machines and their keepers how the register is: logs, figures, alarms, the watchdog."""
