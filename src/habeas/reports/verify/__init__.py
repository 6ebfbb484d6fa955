"""The page with which anybody checks a receipt, without asking the house that gave it."""

from habeas.reports.verify.page import LANGUAGES, catalogue, page

__all__ = ["LANGUAGES", "catalogue", "page"]
