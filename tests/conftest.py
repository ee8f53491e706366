"""What every test may ask for."""

import hypothesis

pytest_plugins = ["tests.services.fixtures"]

# A busy machine is no fault of the code: what is too slow is measured in benchmarks/, not here.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize=True
)
hypothesis.settings.load_profile("patient")
