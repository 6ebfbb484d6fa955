"""Tells Django what this part is called in its tables."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "habeas.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
