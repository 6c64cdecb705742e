"""The web application, served only above a floor that holds."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")

application = get_wsgi_application()

from civic.tenancy.floor import refuse_unsafe_floor  # noqa: E402  models exist only once Django is set up

refuse_unsafe_floor()
