"""Habeas: the safeguards desk for cross-border electronic-evidence requests."""

__version__ = "0.1.0"
