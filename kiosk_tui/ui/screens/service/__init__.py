"""The service screens, behind the PIN."""
