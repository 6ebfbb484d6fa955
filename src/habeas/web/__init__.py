"""The desk in a browser: Django as the outermost shell around `habeas.app`.

* `configuration`: the settings, built in one place · `serve`: the process · `urls`: every page there is
* `door`: who may see a page, said where the page is named · `headers`, `sessions`: what every answer carries
* `accounts`: sign-in · `shown`: how values of the desk look on a page · `views`: parse, one verb, one page

Nothing below this package knows of it. Django's database holds accounts and sessions, and never a case.
"""

from __future__ import annotations
