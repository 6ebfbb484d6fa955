"""The public site of a house: what it does with requests, its log, its reports, in six languages.

* `facts`: what is shown, as values · `words`: the texts and how dates, numbers and states are written
* `pages`: the files of the site

Gives the pages that people read. The files that programs read (`checkpoint`, tiles, `habeas.json`, reports)
are made elsewhere and stand beside them. How to host the folder is written down in docs/site.md.
"""

from habeas.reports.site.facts import PublishedReport, SiteFacts, Suspended
from habeas.reports.site.pages import PAGES, pages
from habeas.reports.site.words import LANGUAGES, Words, words

__all__ = [
    "LANGUAGES",
    "PAGES",
    "PublishedReport",
    "SiteFacts",
    "Suspended",
    "Words",
    "pages",
    "words",
]
