"""Names of accounts, sentences of jobs and secrets of second factors, each sealed for its own row (加密)."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from fourgates.web import resealing


def reseal(apps: Any, _editor: Any) -> None:
    """Seal what stands."""
    resealing.factors(apps.get_model("mfa", "Authenticator").objects.all())
    resealing.names(apps.get_model("web", "User").objects.all())
    resealing.sentences(apps.get_model("web", "Job").objects.all())


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0008_enclosure"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AlterField("user", "name", models.TextField(blank=True)),
        migrations.RunPython(reseal, migrations.RunPython.noop),
    ]
