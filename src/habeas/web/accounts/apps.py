"""Tells Django what this part is called in its tables, and allauth whose recovery codes are used."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "habeas.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """allauth has no setting for the class of recovery codes; these are the two names it goes by."""
        from allauth.mfa.recovery_codes.internal import auth, flows

        from habeas.web.accounts.recovery import HashedCodes

        auth.RecoveryCodes = HashedCodes
        flows.RecoveryCodes = HashedCodes
