"""The web application, served only above a floor that holds."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")

application = get_wsgi_application()

from django.db import connection  # noqa: E402  usable only once Django is set up

from civic.tenancy.floor import refuse_unsafe_floor  # noqa: E402  models exist only once Django is set up

refuse_unsafe_floor()
# gunicorn loads this once and then forks its workers: each opens connections of its own.
connection.close()
connection.close_pool()  # type: ignore[attr-defined]
