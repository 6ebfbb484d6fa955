"""A report's files are made again, byte for byte, from its data alone."""

from __future__ import annotations

from habeas.reports.transparency.laying import REPORT_DATA, laid
from habeas.reports.transparency.model import Report
from tests.reports.transparency.made import entries, made


def test_whoever_has_the_data_makes_the_same_files() -> None:
    report = made(entries())
    files = laid(report)
    assert laid(Report.decode(files[REPORT_DATA])) == files
    assert {"index.html", "ar.html", "fr.html", "numbers.csv", "datapackage.json"} <= files.keys()
