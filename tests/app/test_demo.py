"""The example house: real records, every story of the repository, and nothing that stands still."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from habeas.app import demo, soundness
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.receipts import promises_of
from habeas.app.worker import Worker
from habeas.desk import limits, promise
from habeas.desk.events import Role
from habeas.desk.moves import Act, may
from habeas.desk.queue import View

STORIES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, tuple[str, ...]]:
    opened = Installation.open(tmp_path_factory.mktemp("demo"))
    return opened, demo.furnish(opened, STORIES)


def test_there_is_one_person_for_every_role(furnished: tuple[Installation, tuple[str, ...]]) -> None:
    opened, _cases = furnished
    people = opened.people(demo.ORGANISATION).people.values()
    assert {role for person in people for role in person.roles} == set(Role)


def test_everybody_was_there_before_the_first_request_and_waits_for_nothing(
    furnished: tuple[Installation, tuple[str, ...]],
) -> None:
    house = furnished[0].people(demo.ORGANISATION)
    assert house.opened
    assert {each.acts_from for each in house.people.values()} == {None}


def test_every_story_on_law_in_force_is_a_case(furnished: tuple[Installation, tuple[str, ...]]) -> None:
    opened, cases = furnished
    supposing = {
        file.parent.name
        for file in STORIES.glob("*/settings.json")
        if json.loads(file.read_text("utf-8")).get("as_if_in_force")
    }
    told = {file.parent.name for file in STORIES.glob("*/request.json")}
    assert supposing
    assert len(cases) == len(told - supposing)
    assert {row.case for row in opened.queue(demo.ORGANISATION, View(), limit=100).rows} == set(cases)


def test_the_paths_lead_to_stories_that_are_there() -> None:
    assert all((STORIES / name / "request.json").is_file() for name in {**demo.PATHS, **demo.SEATED_PATHS})


def test_the_cases_stand_at_different_places(furnished: tuple[Installation, tuple[str, ...]]) -> None:
    opened, cases = furnished
    stages = {opened.case(demo.ORGANISATION, id).stage for id in cases}
    assert {"received", "assessed", "reviewed", "decided"} <= stages


def test_who_comes_from_outside_has_a_case_and_something_to_do_in_it(
    furnished: tuple[Installation, tuple[str, ...]],
) -> None:
    installation, _ids = furnished
    house, now = installation.people(demo.ORGANISATION), installation.now()
    for person, act in (("expert", Act.DECLARE_CONFLICT), ("delegate", Act.SECOND_REVIEW)):
        [case] = installation.guest_of(demo.ORGANISATION, person)
        assert may(house.person(person), act, case, house, now), person


def test_every_story_was_counted_at_a_door_and_promised(
    furnished: tuple[Installation, tuple[str, ...]],
) -> None:
    opened, cases = furnished
    for id in cases:
        case = opened.case(demo.ORGANISATION, id)
        (given,) = promises_of(opened, demo.ORGANISATION, case)
        kept = opened.people(demo.ORGANISATION).log
        assert kept is not None
        read = promise.read(given, opened.promiser(demo.ORGANISATION, kept).key)
        assert (read.sha256, read.received) == (case.versions[0].source, case.received.replace(microsecond=0))


def test_nothing_in_it_is_wrong_or_happens_in_the_future(
    furnished: tuple[Installation, tuple[str, ...]],
) -> None:
    opened, cases = furnished
    assert list(soundness.faults(opened, demo.ORGANISATION)) == []
    now = opened.now()
    assert all(opened.case(demo.ORGANISATION, id).history[-1].at <= now for id in cases)


def test_what_happened_waits_for_the_public_log_and_can_be_published(tmp_path: Path) -> None:
    app = Installation.open(tmp_path / "home")
    demo.furnish(app, STORIES, demo.SEATED)
    assert app.store.trace.waiting(demo.SEATED)
    outcome = Publisher(app).publish(demo.SEATED)
    assert outcome is not None
    assert outcome.published.size >= 16
    app.close()


def test_some_clocks_run(furnished: tuple[Installation, tuple[str, ...]]) -> None:
    opened, cases = furnished
    house = opened.people(demo.ORGANISATION)
    running = [limits.running(opened.case(demo.ORGANISATION, id), house, opened.now()) for id in cases]
    assert any(running)


def test_every_authority_has_a_key_that_packages_can_be_sealed_to(
    furnished: tuple[Installation, tuple[str, ...]],
) -> None:
    opened, cases = furnished
    house = opened.people(demo.ORGANISATION)
    for id in cases:
        request = opened.case(demo.ORGANISATION, id).request
        if request.issuing is not None:
            assert house.keys_for(request.issuing.name, request.requesting_state or "")


def test_the_seated_house_has_a_case_that_waits_for_nothing_but_its_files(tmp_path: Path) -> None:
    opened = Installation.open(tmp_path)
    demo.furnish(opened, STORIES, demo.SEATED)
    Worker(opened, "test").step()  # as beside the running desk: the waiting time has ended
    rows = opened.queue(demo.SEATED, View()).rows
    assert {row.next for row in rows} == {"prepare", "review"}
    assert list(soundness.faults(opened, demo.SEATED)) == []


def test_the_notices_of_a_demonstration_name_the_door_where_it_runs(tmp_path: Path) -> None:
    opened = Installation.open(tmp_path)
    demo.furnish(opened, STORIES, demo.SEATED, site="http://localhost:8311")
    sender = opened.people(demo.SEATED).settings.sender
    assert sender is not None
    assert sender.door == "http://localhost:8311/you/"
