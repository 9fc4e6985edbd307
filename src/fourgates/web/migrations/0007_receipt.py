"""A number of their own for whoever objects to what another has objected to (查询编号)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0006_others"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="receipt",
            field=models.CharField(db_index=True, default="", max_length=12),
        ),
    ]
