"""The web application, served only above a floor that holds."""

import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
django.setup()

from django.db import connection  # noqa: E402  usable only once Django is set up

from civic.tenancy.floor import refuse_unsafe_floor  # noqa: E402

refuse_unsafe_floor()
# gunicorn loads this once and then forks its workers: each opens connections of its own.
connection.close()
connection.close_pool()  # type: ignore[attr-defined]

application = get_wsgi_application()
