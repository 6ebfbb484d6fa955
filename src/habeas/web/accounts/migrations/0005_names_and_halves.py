"""Names to sign in with are of the person and their house, so that no house learns the names of another.

Where messages go stands apart from them, and an invitation that took two has a second half.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def _name(apps: Any, _editor: Any) -> None:
    """First all, then each: two names may change places."""
    accounts = list(apps.get_model("accounts", "Account").objects.all())
    for account in accounts:
        account.mail = account.login if "@" in account.login else ""
        account.login = f"renamed {account.pk}"
        account.save(update_fields=["login", "mail"])
    for account in accounts:
        account.login = f"{account.person}@{account.organisation}"
        account.save(update_fields=["login"])


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0004_saved_filter")]

    operations: ClassVar = [
        migrations.AddField("account", "mail", models.CharField(blank=True, default="", max_length=254)),
        migrations.AddField("account", "asked_by", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("account", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(_name, migrations.RunPython.noop),
    ]
