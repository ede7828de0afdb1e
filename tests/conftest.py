"""What holds for every test."""

from hypothesis import HealthCheck, settings

# A test fails for what it saw, never for how long a busy machine took to draw its examples.
settings.register_profile("no clocks", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clocks")
