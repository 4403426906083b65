"""What all tests share: a slow machine is no wrong answer."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The clock of a loaded machine says nothing about a law: no deadline for an example. What is random elsewhere stays
# what the profile in force (on a continuous integration: fixed examples) has made of it.
settings.register_profile(
    "patient", settings(), deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
