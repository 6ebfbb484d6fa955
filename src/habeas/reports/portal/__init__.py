"""The page of a door that runs apart from the desk: one form for one file, and the promise."""

from habeas.reports.portal.page import LANGUAGES, Said, page

__all__ = ["LANGUAGES", "Said", "page"]
