"""A rehearsal says which offices act by themselves in it (其余单位)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column of a selection."""

    dependencies = [("web", "0005_looks")]
    operations = [
        migrations.AddField("selection", "others", models.CharField(blank=True, max_length=200)),
    ]
