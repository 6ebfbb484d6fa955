"""The page of stories: one writes, another approves as it stands, the auditor reads, and no case is named."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest

from habeas.desk.people import Story
from habeas.web.views import stories
from tests.web.house import House

TYPED = {
    "half": "",
    "ground": "persecution",
    "text-en": "A critic of a government was called a thief.",
    "text-fr": "Une critique du gouvernement a été dite voleuse.",
}


def half(house: House) -> str:
    return stories._halves(house.installation.now().date())[0]


def write(house: House, person: str = "reviewer", **typed: str) -> Any:
    sent = {**TYPED, "half": half(house), **typed}
    return house.client(person).post("/log/stories/write/", sent)


def answer(house: House, person: str, story: Story, **typed: str) -> Any:
    sent = {"story": str(story.number), **typed}
    return house.client(person).post("/log/stories/answer/", sent)


def kept(house: House) -> tuple[Story, ...]:
    return house.installation.people(house.organisation).stories


def seen(house: House, person: str = "reviewer") -> str:
    found = house.client(person).get("/log/stories/")
    assert found.status_code == 200
    return html.unescape(found.content.decode())


def test_one_writes_a_story_and_another_approves_it_as_it_stands(house: House) -> None:
    assert write(house).status_code == 302
    [story] = kept(house)
    assert (story.by, story.half, story.ground) == ("reviewer", half(house), "persecution")
    assert story.texts == {"en": TYPED["text-en"], "fr": TYPED["text-fr"]}
    own = seen(house)
    assert "You wrote this. Somebody else must approve it." in own
    assert "Approve it as it stands" not in own
    refused = answer(house, "reviewer", story, what="approve")
    assert refused.status_code == 422
    assert kept(house)[0].approved_by == ""
    assert TYPED["text-fr"] in seen(house, "second")
    assert answer(house, "second", story, what="approve").status_code == 302
    assert kept(house)[0].approved_by == "second"
    after = seen(house, "counsel")
    assert "written by Reviewer 1, approved by Reviewer 2 on" in after
    assert "Approve it as it stands" not in after


def test_a_story_is_dropped_with_a_reason_and_stands_here_no_more(house: House) -> None:
    write(house)
    [story] = kept(house)
    without = answer(house, "counsel", story, what="drop", why="")
    assert without.status_code == 422
    assert len(kept(house)) == 1
    assert answer(house, "counsel", story, what="drop", why="A place is named.").status_code == 302
    assert kept(house) == ()
    assert TYPED["text-en"] not in seen(house)
    gone = answer(house, "counsel", story, what="approve")
    assert (gone.status_code, "There is no such story" in gone.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text-en": ""}, "The text in English is missing"),
        ({"text-en": "x" * 2001}, "A story is empty or too long"),
        ({"half": "2026"}, "This is no half of a year"),
        ({"ground": "spite"}, "There is no such ground"),
    ],
)
def test_a_story_that_no_report_could_tell_is_refused_and_its_words_are_kept(
    house: House, wrong: dict[str, str], said: str
) -> None:
    page = write(house, **wrong)
    assert page.status_code == 422
    text = html.unescape(page.content.decode())
    assert said in text
    assert TYPED["text-fr"] in text
    assert kept(house) == ()


def test_the_auditor_reads_them_and_changes_nothing_and_nobody_else_sees_them(house: House) -> None:
    write(house)
    page = seen(house, "auditor")
    assert TYPED["text-en"] in page
    assert '<form method="post"' not in page
    [story] = kept(house)
    for person in ("auditor", "custodian", "intake", "administrator", "expert"):
        assert answer(house, person, story, what="approve").status_code == 403
        assert write(house, person).status_code == 403
        assert house.client(person).get("/log/stories/").status_code == (200 if person == "auditor" else 403)
    assert kept(house)[0].approved_by == ""


def test_counsel_and_reviewers_find_their_way_to_it_where_there_is_a_log(house: House) -> None:
    def led(person: str, address: str) -> bool:
        return 'href="/log/stories/"' in house.client(person).get(address).content.decode()

    assert not led("reviewer", "/account/")
    assert "publishes no report" in seen(house)
    house.logged()
    assert led("reviewer", "/account/")
    assert not led("counsel", "/account/")  # theirs is on the page of the log
    assert led("counsel", "/log/")
    assert led("auditor", "/log/")
    assert not led("administrator", "/log/")
    assert "for your word" not in house.client("counsel").get("/log/").content.decode()
    write(house)
    assert "1 waits for your word" in house.client("counsel").get("/log/").content.decode()
    assert "for your word" not in house.client("auditor").get("/log/").content.decode()


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 1, 1), ["2026-H1", "2025-H2", "2025-H1", "2024-H2"]),
        (date(2026, 6, 30), ["2026-H1", "2025-H2", "2025-H1", "2024-H2"]),
        (date(2026, 7, 1), ["2026-H2", "2026-H1", "2025-H2", "2025-H1"]),
        (date(2026, 12, 31), ["2026-H2", "2026-H1", "2025-H2", "2025-H1"]),
    ],
)
def test_a_story_is_for_the_half_that_runs_or_one_before_it(today: date, first: list[str]) -> None:
    assert stories._halves(today) == first
