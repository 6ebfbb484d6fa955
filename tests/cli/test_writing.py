"""Where answers go: nothing is opened in vain, nothing is overwritten by its neighbour."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from habeas.cli.writing import destination, file_name
from habeas.errors import Refused
from tests.reports.samples import ANSWER, REQUEST, answer, request


def give(form: str, out: str | None, *ids: str) -> None:
    with destination(form, out, explain=False) as write:
        for name in ids:
            write(request(id=name), answer(id=name))


def test_a_file_gets_every_answer_in_its_order(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    give("json", str(out), "a", "b")
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["a", "b"]


@pytest.mark.parametrize(("form", "between"), [("terminal", "=" * 80), ("markdown", "\n---\n\n# b")])
def test_answers_in_one_file_stand_apart(form: str, between: str, tmp_path: Path) -> None:
    out = tmp_path / "answers"
    give(form, str(out), "a", "b")
    assert between in out.read_text("utf-8")


@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html"])
def test_without_an_answer_no_file_is_made(form: str, tmp_path: Path) -> None:
    out = tmp_path / "answers"
    give(form, str(out))
    give(form, f"{tmp_path}/folder/")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "ending"), [("terminal", "txt"), ("json", "json"), ("markdown", "md"), ("html", "html")]
)
def test_a_folder_gets_a_file_for_each_request(form: str, ending: str, tmp_path: Path) -> None:
    give(form, f"{tmp_path}/new/folder/", "a", "b")
    made = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert made == [f"a.{ending}", f"b.{ending}", *(["index.html"] if form == "html" else [])]


def test_a_folder_that_exists_needs_no_slash(tmp_path: Path) -> None:
    give("markdown", str(tmp_path), "a")
    assert (tmp_path / "a.md").is_file()


def test_a_docket_leads_to_every_page(tmp_path: Path) -> None:
    give("html", str(tmp_path), "a", "a", "index")
    page = (tmp_path / "index.html").read_text("utf-8")
    for name in ("a.html", "a-2.html", "index-2.html"):
        assert f'href="{name}"' in page
        assert (tmp_path / name).is_file()


def test_a_page_holds_one_request_and_two_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    with pytest.raises(Refused, match="a page holds one request"):
        give("html", str(out), "a", "b")
    assert not out.exists()
    give("html", str(out), "a")
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_place_that_cannot_be_written_is_named(form: str, tmp_path: Path) -> None:
    place = tmp_path / "no" / "such" / "folder.x"
    with pytest.raises(Refused) as refused:
        give(form, str(place), "a")
    assert refused.value.place == str(place)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="nothing can be written here"):
        give("json", f"{tmp_path}/file/below/", "a")


def test_a_file_that_is_read_is_not_written_to_under_any_name(tmp_path: Path) -> None:
    read, link = tmp_path / "a.json", tmp_path / "link"
    read.write_text("theirs")
    link.symlink_to(read)
    for form in ("json", "markdown", "html", "terminal"):
        for out in (str(read), str(link), f"{tmp_path}/../{tmp_path.name}/a.json"):
            with (
                pytest.raises(Refused, match="is read as"),
                destination(form, out, explain=False, inputs=[str(read)]) as write,
            ):
                write(request(id="a"), answer(id="a"))
    with (
        pytest.raises(Refused, match="is read as"),
        destination("json", str(tmp_path), explain=False, inputs=[str(link)]) as write,
    ):
        write(request(id="a"), answer(id="a"))
    assert read.read_text() == "theirs"


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("HC-005", "HC-005.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("a b/c:d", "a-b-c-d.md"),
        (".hidden", "hidden.md"),
        ("", "request.md"),
        ("طلب", "request.md"),
        ("x" * 300, "x" * 80 + ".md"),
    ],
)
def test_a_name_is_safe_on_every_file_system(id: str, name: str) -> None:
    assert file_name(id, ".md", set()) == name


def test_two_names_that_differ_only_in_capitals_get_two_files() -> None:
    assert file_name("Case", ".md", {"case.md"}) == "Case-2.md"


def test_the_screen_shows_the_answer_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with destination("terminal", None, explain=False) as write:
        write(REQUEST, ANSWER)
        assert "Recommended: refuse" in capsys.readouterr().out
