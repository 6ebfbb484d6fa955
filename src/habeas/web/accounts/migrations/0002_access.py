"""The tables of the access record."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


def _word(length: int, *, blank: bool = True) -> models.CharField[str, str]:
    return models.CharField(blank=blank, max_length=length)


def _key() -> models.BigAutoField[int, int]:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AccessLine",
            fields=[
                ("id", _key()),
                ("organisation", _word(64)),
                ("strand", _word(8, blank=False)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("person", _word(64)),
                ("kind", _word(24, blank=False)),
                ("how", _word(48)),
                ("about", _word(64)),
                ("page", _word(48)),
                ("case", _word(40)),
                ("place", _word(8)),
                ("chain", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "strand", "number"), name="one_line_a_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessEnd",
            fields=[
                ("id", _key()),
                ("organisation", _word(64)),
                ("strand", _word(8, blank=False)),
                ("first", models.BigIntegerField(default=1)),
                ("last", models.BigIntegerField(default=0)),
                ("before", models.BinaryField(max_length=32)),
                ("chain", models.BinaryField(max_length=32)),
                ("seal", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "strand"), name="one_end_a_strand")
                ],
            },
        ),
    ]
