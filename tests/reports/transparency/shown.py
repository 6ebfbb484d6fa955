"""What a reader sees on the page of a report: the lead, the figures in the head, the tables."""

from __future__ import annotations

import re
from html import unescape


class Shown:
    """A page, by its tables: what stands in each row."""

    def __init__(self, page: str) -> None:
        self.figures = {words(b): words(a) for a, b in re.findall(r"<dd>(.*?)</dd><dt>(.*?)</dt>", page)}
        [self.lead] = [words(each) for each in re.findall(r'<p class="lead">(.*?)</p>', page, re.S)]
        self.tables: dict[str, dict[str, tuple[str, ...]]] = {}
        for table, after in re.findall(r"<table>(.*?)</table>\s*(<p class=\"zeros\">.*?</p>)?", page, re.S):
            [caption] = re.findall(r"<caption>(.*?)</caption>", table, re.S)
            rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
            self.tables[words(caption)] = {
                words(name): tuple(words(each) for each in re.findall(r"<td[^>]*>(.*?)</td>", cells))
                for name, cells in rows
            }
            self.tables[words(caption)] |= {
                name: ("0",)
                for name in words(after).removesuffix(".").partition(": ")[2].split(" · ")
                if name
            }

    def row(self, table: str, name: str) -> list[int]:
        return [int(each.replace("−", "-").replace(",", "")) for each in self.tables[table][name]]


def words(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", text)).strip()
