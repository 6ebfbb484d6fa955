"""What people were told about their way in; and recovery codes that could be read from what was kept go."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def _forget_seeds(apps: Any, _editor: object) -> None:
    """Whoever had such codes makes new ones: a seed must not stay where a thief could look."""
    apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes").delete()


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("accounts", "0002_access"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations: ClassVar = [
        *(
            migrations.AddField("account", name, models.DateTimeField(null=True))
            for name in ("heard", "told_tried", "told_changed")
        ),
        migrations.AddIndex("accessline", models.Index(fields=["at"], name="lines_by_time")),
        migrations.RunPython(_forget_seeds, migrations.RunPython.noop),
    ]
