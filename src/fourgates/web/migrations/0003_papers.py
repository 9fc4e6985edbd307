"""Workbooks kept sealed, what a job found, and the pace of a rehearsal's clock (表册、演练)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0002_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="kept",
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="selection",
            name="began",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="selection",
            name="pace",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="selection",
            name="said",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(max_length=300)),
                ("content", models.BinaryField()),
                ("made", models.DateTimeField(auto_now_add=True)),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="papers",
                        to="web.job",
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="web.selection"
                    ),
                ),
            ],
            options={
                "ordering": ["file", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("selection", "job", "file"), name="one_paper_once")
                ],
            },
        ),
    ]
