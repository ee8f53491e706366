"""The web app as a WSGI application, for ``infringewatch serve`` or any other server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infringewatch.django_settings")
application = get_wsgi_application()
