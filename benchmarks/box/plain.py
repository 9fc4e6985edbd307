"""The least a Django view can do: one POST, one row, one commit (WAL, synchronous=FULL), nothing else switched on."""

from __future__ import annotations

import json
import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

POSTGRES = os.environ.get("PLAIN_POSTGRES", "")
FILE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ.get("PLAIN_FILE", ""),
    "OPTIONS": {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
    },
    "CONN_MAX_AGE": None,
}
SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "postgres",
    "USER": "postgres",
    "HOST": POSTGRES,
    "CONN_MAX_AGE": None,
}
settings.configure(
    SECRET_KEY="measured",  # noqa: S106 - a benchmark on this machine alone
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": SERVER if POSTGRES else FILE},
)
django.setup()

from django.db import connection, transaction  # noqa: E402 - settings come first

with connection.cursor() as first:
    first.execute(
        "CREATE TABLE IF NOT EXISTS plain (id integer PRIMARY KEY, body text NOT NULL)"
    ) if not POSTGRES else (
        first.execute("CREATE TABLE IF NOT EXISTS plain (id serial PRIMARY KEY, body text NOT NULL)")
    )
connection.close()


def name(request: HttpRequest) -> HttpResponse:
    """Store what came."""
    json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO plain (body) VALUES (%s)", [request.body.decode()])
    answer = JsonResponse({"outcome": "recorded"})
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns = [path("b/name", name)]
application = get_wsgi_application()
