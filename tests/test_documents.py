"""The pages about the roles: one for each, with pictures that exist and are small."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from habeas.desk.events import Role

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = sorted((DOCS / "roles").glob("*.md"))
OUTSIDE = {"person-concerned", "requester"}  # who have no account, and a page nevertheless
WIDTH = 1280  # of every picture
LARGEST = 120 * 1024  # bytes: a page with three of them opens on a slow line
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def _shown(page: Path) -> list[tuple[str, Path]]:
    return [
        (words, (page.parent / path).resolve()) for words, path in _PICTURE.findall(page.read_text("utf-8"))
    ]


def test_every_role_has_a_page_and_no_page_is_about_nobody() -> None:
    assert {page.stem for page in PAGES} == {*Role, *OUTSIDE, "README"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_picture_named_exists_and_says_what_it_shows(page: Path) -> None:
    for words, picture in _shown(page):
        assert words, f"{picture.name} has no words for those who do not see it"
        assert picture.is_file(), f"{page.name} names {picture.name}; `make pictures` makes it"


@pytest.mark.parametrize(
    "page", [each for each in PAGES if each.stem != "README"], ids=lambda page: page.stem
)
def test_a_page_has_one_to_three_pictures_and_says_what_one_cannot_do(page: Path) -> None:
    assert 1 <= len(_shown(page)) <= 3
    assert "\n## What you cannot " in page.read_text("utf-8")
    assert "\n## What to do when\n" in page.read_text("utf-8")


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").iterdir()), ids=lambda picture: picture.name)
def test_a_picture_is_used_small_and_of_one_width(picture: Path) -> None:
    head = picture.read_bytes()[:26]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">I", head[16:20]) == (WIDTH,)
    assert head[25] == 3, "not in few colours"  # colour type 3 is a palette (PNG, 11.2.2)
    assert picture.stat().st_size < LARGEST
    assert any(picture in {path for _words, path in _shown(page)} for page in PAGES)


def test_the_list_of_roles_leads_to_every_page() -> None:
    listed = (DOCS / "roles" / "README.md").read_text("utf-8")
    assert [page.name for page in PAGES if page.stem != "README" and f"({page.name})" not in listed] == []
