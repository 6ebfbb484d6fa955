"""Sources from one place are told together."""

from __future__ import annotations

from habeas.reports.brief import Source, together
from habeas.reports.foreign import theirs


def test_sources_of_one_place_stand_together_and_in_their_order() -> None:
    first = Source(place="facts", quote=theirs("a"))
    second = Source(place="facts", quote=theirs("b"))
    other = Source(place="request")
    assert together((first, second, other, first)) == ((first, second), (other,), (first,))


def test_no_source_is_no_group() -> None:
    assert together(()) == ()
