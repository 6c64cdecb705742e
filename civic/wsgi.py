"""The web application, served only above a floor that holds."""

import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
django.setup()

from civic.tenancy.floor import refuse_unsafe_floor  # noqa: E402  models exist only once Django is set up

refuse_unsafe_floor()

application = get_wsgi_application()
