"""The files of a report as they lie on a site: its data, its tables, its page in every language.

Made from the report alone, so whoever has the data makes the same bytes again and sees whether what people
read is what was counted. The PDF is not among them: it is set elsewhere, in a process of its own.
"""

from __future__ import annotations

from habeas.desk.letters import Language
from habeas.reports.transparency.model import Report
from habeas.reports.transparency.package import package
from habeas.reports.transparency.page import as_html

REPORT_DATA, REPORT_PDF = "report.json", "report.pdf"
LICENCE = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")


def laid(report: Report) -> dict[str, bytes]:
    """The files by name. Raises Refused for a report that is for inside use only."""
    url = f"{report.house.site}/reports/{report.name}" if report.house.site else ""
    files = package(report, licence=LICENCE, url=url)
    files[REPORT_DATA] = report.encoded()
    data = tuple(sorted(files))
    others = {each: _page(each) for each in Language}
    for language in Language:
        page = as_html(report, language, others=others, data=data, pdf=REPORT_PDF, site="../..")
        files[_page(language)] = page.encode()
    return files


def _page(language: Language) -> str:
    return "index.html" if language is Language.ENGLISH else f"{language}.html"
