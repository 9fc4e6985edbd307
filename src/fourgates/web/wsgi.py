"""What the server calls (服务入口): the site as one WSGI application."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourgates.web.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
