"""Every page of the site, with an address that can be asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver, reverse

from habeas.web.door import Needs


class Page(NamedTuple):
    name: str
    needs: Needs | None
    arguments: tuple[str, ...]

    def address(self, **known: Any) -> str:
        """known: case, person and so on; what is not known gets something that does not exist."""
        filled = {name: known.get(name, _NOBODY[name]) for name in self.arguments}
        return reverse(self.name, kwargs=filled)


_NOBODY: dict[str, Any] = {
    "case": "2026-AAAA-AAAA",
    "sha256": "0" * 64,
    "person": "nobody",
    "number": 999_999,
    "token": "c0ffee-0",
    "place": "2026-AAAA-AAAA:a-signature-of-nobody",
    "pk": 999_999,
    "language": "en",
    "instrument": "none",
    "state": "XXX",
    "provision": "none-1",
    "provider_id": "none",
}


def pages() -> list[Page]:
    return [
        Page(str(each.name), getattr(each.callback, "needs", None), tuple(each.pattern.converters))
        for each in patterns()
    ]


def patterns() -> list[URLPattern]:
    found = get_resolver().url_patterns
    assert all(isinstance(each, URLPattern) for each in found), "no part of the site is included as a whole"
    return [each for each in found if isinstance(each, URLPattern)]
