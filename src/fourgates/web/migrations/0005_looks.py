"""Why numbers were looked at, sealed (查看号码的理由)."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from fourgates.web import looks, sealing


def seal(apps: Any, _editor: Any) -> None:
    """Seal what lies open."""
    for one in apps.get_model("web", "Look").objects.all():
        one.reason = sealing.words(one.reason, looks.about(one))
        one.save(update_fields=["reason"])


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0004_statement"),
    ]

    operations = [
        migrations.AlterField(
            model_name="look",
            name="reason",
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name="look",
            name="at",
            field=models.DateTimeField(),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
