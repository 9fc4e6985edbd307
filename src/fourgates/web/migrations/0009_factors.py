"""The secrets of second factors, each sealed for its own row (第二重验证)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from fourgates.web import accounts


def reseal(apps: Any, _editor: Any) -> None:
    """Seal anew what stands."""
    accounts.reseal(apps.get_model("mfa", "Authenticator").objects.all())


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0008_enclosure"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(reseal, migrations.RunPython.noop)]
