"""The portal's settings with one bare view beside its pages."""

from civic.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
