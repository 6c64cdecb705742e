"""The portal with one careless app, for asking `manage.py check` what it says."""

from civic.settings import *  # noqa: F403
from civic.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tenancy.careless"]
