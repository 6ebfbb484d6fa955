"""Letters: what lies in the file is shown as it would leave, to the house and to nobody from outside."""

from __future__ import annotations

import msgspec
import pytest

from habeas.assess import Decision
from habeas.desk.case import Case
from habeas.desk.events import Configured, Ruling, Sending
from habeas.desk.letters import Kind, Language, Sender
from habeas.errors import Refused
from habeas.request import Secrecy
from habeas.web.views.letters import sheets
from tests.desk.desks import as_covered
from tests.web.house import House, ransomware

SENDER = Sender(
    name="Example <House>", office="Office for requests", contact="the address", oversight="the authority"
)


@pytest.fixture(scope="module")
def written(everybody: House) -> Case:
    return with_letters(everybody)


def with_letters(house: House) -> Case:
    house.configured(Configured(seat="USA:central-authority", zone="Europe/Paris", sender=SENDER))
    case = house.assessed()
    write = house.installation.letter
    write(house.organisation, case.id, "reviewer", Kind.ACKNOWLEDGEMENT, Language.ENGLISH)
    return write(house.organisation, case.id, "reviewer", Kind.ACKNOWLEDGEMENT, Language.ARABIC)[0]


def held_letter(house: House) -> Case:
    case = with_letters(house)
    desk, now = house.installation.desk(house.organisation), house.installation.now
    rulings = _refusing(case)
    desk.review(
        case.id, "reviewer", now(), assessment=case.digest, rulings=rulings, why="Other facts are known."
    )
    desk.second_review(case.id, "second", now(), agrees=True, reason="Read again.")
    desk.refuse(case.id, "second", now(), persecution=True)
    return house.installation.letter(
        house.organisation, case.id, "second", Kind.PERSECUTION_REFUSAL, Language.FRENCH
    )[0]


def _refusing(case: Case) -> list[Ruling]:
    return [
        Ruling(target=target, item=item, decision=Decision.REFUSE, ground="persecution")
        for target, item in case.asked()
    ]


def test_every_letter_in_the_file_is_listed_the_newest_first(everybody: House, written: Case) -> None:
    text = everybody.client("auditor").get(f"/cases/{written.id}/letters/").content.decode()
    assert text.count("Acknowledgement<span") == 2
    assert text.index(">Arabic<") < text.index(">English<")
    for each in written.letters:
        assert f"/cases/{written.id}/letters/{each.sha256}/read/" in text


def test_who_may_write_is_shown_the_way_and_who_may_not_is_told_why(everybody: House, written: Case) -> None:
    address = f"/cases/{written.id}/letters/"
    writer = everybody.client("intake").get(address).content.decode()
    reader = everybody.client("auditor").get(address).content.decode()
    assert f"/cases/{written.id}/write/" in writer
    assert f"/cases/{written.id}/write/" not in reader
    assert "This is for intake or reviewer or counsel, and not for your role." in reader


def test_a_letter_is_shown_in_its_language_and_direction(everybody: House, written: Case) -> None:
    arabic = written.letters[-1].sha256
    page = everybody.client("custodian").get(f"/cases/{written.id}/letters/{arabic}/read/").content.decode()
    assert '<article lang="ar" dir="rtl" class="sheet">' in page
    assert '<article lang="en" dir="ltr" class="sheet">' in page  # the authentic text behind it
    assert "Example &lt;House&gt;" in page
    assert "Held for counsel" not in page


def test_a_held_letter_says_so_and_what_is_to_be_read_first(house: House) -> None:
    case = held_letter(house)
    assert case.letters[-1].held
    address = f"/cases/{case.id}/letters/{case.letters[-1].sha256}/read/"
    page = house.client("counsel").get(address).content.decode()
    assert "Held for counsel" in page
    assert "Art. 40(22)" in page
    assert page.index("Held for counsel") < page.index('class="sheet"')
    assert "Held for counsel" in house.client("counsel").get(f"/cases/{case.id}/letters/").content.decode()


def test_a_held_letter_goes_on_no_paper_before_counsel_has_cleared_it(house: House) -> None:
    case = held_letter(house)
    sha256 = case.letters[-1].sha256
    paper = f"/cases/{case.id}/letters/{sha256}/"
    for person in ("reviewer", "counsel", "auditor"):
        answer = house.client(person).get(paper)
        assert answer.status_code == 403
        assert "counsel has not cleared it" in answer.content.decode()
    with pytest.raises(Refused, match="held"):
        house.installation.pdf_of(house.organisation, case.id, sha256)
    assert f'href="{paper}"' not in house.client("counsel").get(f"{paper}read/").content.decode()
    assert f'href="{paper}"' not in house.client("counsel").get(f"/cases/{case.id}/letters/").content.decode()
    seen = str(house.case(case.id).length)
    sent = {"seen": seen, "letter": sha256, "words": "Compared with the certified text."}
    assert house.client("second").post(f"/cases/{case.id}/clear-letter/", sent).status_code == 403
    assert house.client("counsel").post(f"/cases/{case.id}/clear-letter/", sent).status_code == 302
    assert house.case(case.id).held_letters() == ()
    assert house.client("reviewer").get(paper).content.startswith(b"%PDF")
    assert f'href="{paper}"' in house.client("counsel").get(f"{paper}read/").content.decode()


def test_a_notice_says_whether_it_went_out_and_how(house: House) -> None:
    def seen(case: Case) -> str:
        [notice] = case.notices
        answer = house.client("counsel").get(f"/cases/{case.id}/letters/{notice.letter}/read/")
        return answer.content.decode()

    asked = msgspec.structs.replace(ransomware(), secrecy=Secrecy())
    case, desk, now = (
        house.reviewed(asked),
        house.installation.desk(house.organisation),
        house.installation.now,
    )
    desk.second_review(case.id, "second", now(), agrees=True)
    case, codes = house.installation.notify(house.organisation, case.id, "reviewer")
    assert "Nobody has recorded that it went out." in seen(case)
    today = house.installation.people(house.organisation).day(now())
    case = desk.send_notice(case.id, "reviewer", now(), targets=list(codes), way=Sending.BY_HAND, on=today)
    assert "By hand, " in seen(case)
    assert "Recorded by Reviewer 1" in seen(case)


def test_a_letter_on_paper_has_a_name_that_tells_nobody_anything(everybody: House, written: Case) -> None:
    sha256 = written.letters[0].sha256
    answer = everybody.client("reviewer").get(f"/cases/{written.id}/letters/{sha256}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f'filename="{written.id}-{sha256[:8]}.pdf"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")


def test_somebody_invited_sees_the_case_and_no_letter(house: House) -> None:
    case = with_letters(house)
    house.installation.desk(house.organisation).invite(
        case.id,
        "counsel",
        house.installation.now(),
        person="expert",
        question="Is it known?",
        confirmed=as_covered(case),
    )
    expert = house.client("expert")
    assert expert.get(f"/cases/{case.id}/").status_code == 200
    sha256 = case.letters[0].sha256
    for address in ("letters/", f"letters/{sha256}/", f"letters/{sha256}/read/"):
        assert expert.get(f"/cases/{case.id}/{address}").status_code == 404


def test_a_letter_of_another_case_is_not_found_under_this_one(house: House) -> None:
    case, other = with_letters(house), house.received()
    address = f"/cases/{other.id}/letters/{case.letters[0].sha256}/read/"
    assert house.client("reviewer").get(address).status_code == 404


def test_a_page_passes_on_nothing_but_words_their_language_and_their_direction() -> None:
    page = """<html><head><title>no</title><style>p { color: red }</style></head><body><p>before</p><main>
<article class="sheet evil" lang="ar" dir="rtl" onclick="x()" style="color:red"><h1 id="main">A &amp; B</h1>
<script>alert(1)</script><img src="//x"><a href="javascript:x">c</a>
<p lang='en"><b' dir="auto">d &lt;b&gt;</p>
</article></main><p>after</p></body></html>"""
    shown = str(sheets(page))
    assert shown.split("\n") == [
        "",
        '<article lang="ar" dir="rtl" class="sheet"><h3>A &amp; B</h3>',
        "alert(1)c",
        "<p>d &lt;b&gt;</p>",
        "</article>",
    ]
