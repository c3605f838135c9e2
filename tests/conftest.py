"""Settings for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# No timing is asserted in tests; a failing example prints how to replay it.
settings.register_profile(
    "kiosk", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("kiosk")

# The mutation run calls each test from several runners, which hypothesis takes for a mistake.
settings.register_profile("mutation", deadline=None, suppress_health_check=list(HealthCheck))
if "MUTANT_UNDER_TEST" in os.environ:
    settings.load_profile("mutation")
