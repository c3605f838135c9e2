"""Settings for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No timing is asserted in tests; a failing example prints how to replay it.
settings.register_profile(
    "kiosk", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kiosk")
