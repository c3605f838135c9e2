"""Tells machines and whoever runs them how the register is: logs, metrics, alerts, systemd's watchdog."""
