"""The page of a case shows what was found with its reasons, what can be done and what cannot, and why."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import limits, promise, queue, receipt, recommended
from habeas.desk.calendars import ORDINARY, Holiday
from habeas.desk.events import Configured
from habeas.desk.letters import Ground
from habeas.gateways import almanac
from habeas.reports.brief import Passage, SignLine
from habeas.reports.marks import Mark, runs
from habeas.reports.words import capital
from habeas.request import Category, Item, Measure
from habeas.web.views.case import anchored
from tests import world
from tests.desk.desks import as_covered, example
from tests.web.house import WITNESS, House, ransomware


def test_a_case_shows_request_assessment_ceiling_moves_clocks_and_history(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    for words in (
        "The request",
        "Recommended. People decide.",
        "The most that may leave",
        "Next moves",
        "Clocks",
        "Who did what",
    ):
        assert words in page
    assert '<mark class="protected"' in page
    assert "moves are barred today" in page


def test_a_sum_names_the_holidays_it_left_out_and_its_result_stands_out(house: House) -> None:
    today = house.installation.now().date()
    ends = almanac.read("IRL", on=today).on_or_after(today + timedelta(days=10))
    added = (Holiday(ends, "a day of mourning"),)
    days = almanac.chosen(ORDINARY, "IRL", on=today, added=added)
    house.configured(Configured(seat="IRL:provider", zone="UTC", calendar=days))
    case = house.received(world.request(instrument="eu-e-evidence", seat_state="IRL", supposed=()))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert f"IRL: {house.installation.people(house.organisation).calendar.source}" in page
    assert "1182/71 names this weekend in article 2(2)" in page
    assert re.search(r"Left out</dt><dd[^>]*>[^<]*, a day of mourning", page)
    results = re.findall(r'<dt class="total">(.*?)</dt><dd class="total">(.*?)</dd>', page)
    assert {label for label, _end in results} <= {"Not after", "Not before"}
    assert all(end.endswith("24:00 UTC") for _label, end in results)
    assert results


def test_every_clock_shows_its_whole_sum_and_ends_with_the_date(house: House) -> None:
    house.configured(Configured(seat="IRL:provider", zone="Europe/Dublin"))
    traffic = (Item(id="i1", category=Category.TRAFFIC),)
    asked = world.request(
        instrument="eu-e-evidence",
        seat_state="IRL",
        supposed=(),
        targets=(msgspec.structs.replace(world.target(), items=traffic),),
    )
    case = house.received(asked)
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    shown = [
        [(html.unescape(label), html.unescape(value)) for label, value in each]
        for part in re.findall(r'<dl class="sum">(.*?)</dl>', page, re.DOTALL)
        if (
            each := re.findall(
                r"<dt(?: class=\"[a-z]+\")?>(.*?)</dt><dd(?: class=\"[a-z]+\")?>(.*?)</dd>", part
            )
        )
    ]
    reckoned = limits.of(case, house.installation.people(house.organisation))
    assert len(reckoned) >= 3
    assert shown == [[(capital(line.label), line.value) for line in reckoning.sum] for reckoning in reckoned]
    for sums, reckoning in zip(
        re.findall(r'<dl class="sum">(.*?)</dl>', page, re.DOTALL), reckoned, strict=True
    ):
        assert sums.count('<dt class="total">') == 1
        total = re.search(r'<dt class="total">(.*?)</dt><dd class="total">(.*?)</dd>\s*$', sums)
        assert total is not None
        bound = "Not before" if reckoning.limit.floor else "Not after"
        assert (total[1], total[2].endswith("24:00 Europe/Dublin")) == (bound, True)


def test_a_clock_whose_event_nobody_recorded_asks_for_it_and_runs_when_it_is_recorded(house: House) -> None:
    house.configured(Configured(seat="IRL:executing-authority", zone="Europe/Dublin"))
    case = house.received(world.request(instrument="eu-eio", seat_state="IRL", supposed=()))
    client, road = house.client("reviewer"), f"/cases/{case.id}/record-event/"
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert f'href="{road}"' in page
    assert "Recognition decided</dt><dd>not recorded" in page
    assert "Recognition of the order was decided" in client.get(road).content.decode()
    today = house.installation.people(house.organisation).day(house.installation.now())
    said = {"what": "recognition-decided", "on": today.isoformat(), "seen": str(house.case(case.id).length)}
    assert client.post(road, said).status_code == 302
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert f'href="{road}"' not in page.partition('id="clocks"')[2].partition('id="log"')[0]
    assert "Recognition decided</dt><dd>not recorded" not in page


def test_a_clock_that_can_be_made_longer_leads_there_and_is_counted_to_the_day(house: House) -> None:
    house.configured(Configured(seat="IRL:executing-authority", zone="Europe/Dublin"))
    case = house.received(world.request(instrument="eu-eio", seat_state="IRL", supposed=()))
    client, road = house.client("reviewer"), f"/cases/{case.id}/take-time/"
    assert f'href="{road}"' not in client.get(f"/cases/{case.id}/").content.decode()  # who asks is not known
    case = house.assessed(case.request)
    road = f"/cases/{case.id}/take-time/"
    assert f'href="{road}"' in client.get(f"/cases/{case.id}/").content.decode()
    assert f'href="{road}"' not in house.client("intake").get(f"/cases/{case.id}/").content.decode()
    assert "The decision on recognition: until " in client.get(road).content.decode()
    today = house.installation.people(house.organisation).day(house.installation.now())
    said = {
        "limit": "eio-recognition",
        "until": (today + timedelta(days=45)).isoformat(),
        "slow": "court",
        "reasons": "The court of the seat has no day before.",
        "how": "By mail to the issuing court.",
        "seen": str(case.length),
    }
    assert client.post(road, {**said, "until": today.isoformat()}).status_code == 422
    assert client.post(road, said).status_code == 302
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert f"The decision takes until {said['until']}, as the issuing authority is told." in page
    assert "that has to decide on it has not decided yet" in page
    app = house.installation
    _who, next_act = queue.turn_of(house.case(case.id), app.people(house.organisation), app.now())
    assert next_act == "write"
    assert "it takes until this day" in page
    assert said["reasons"] in page


def test_an_hour_is_recorded_where_one_was_stated(house: House) -> None:
    house.configured(Configured(seat="IRL:executing-authority", zone="Europe/Dublin"))
    case = house.received(world.request(instrument="eu-eio", seat_state="IRL", supposed=()))
    now = house.installation.now() - timedelta(minutes=2)
    shown = now.astimezone(ZoneInfo("Europe/Dublin"))
    typed = {"what": "recognition-decided", "on": shown.date().isoformat(), "hour": f"{shown:%H:%M}"}
    client, road = house.client("reviewer"), f"/cases/{case.id}/record-event/"
    assert 'type="time"' in client.get(road).content.decode()
    assert client.post(road, {**typed, "seen": str(case.length)}).status_code == 302
    assert (
        f"recognition decided, {now:%Y-%m-%d %H:%M} UTC." in client.get(f"/cases/{case.id}/").content.decode()
    )


def test_what_was_recorded_by_an_early_clock_says_after_what(house: House) -> None:
    store, now = house.installation.store, house.installation.now()
    before = house.received()
    fence = store.lease("publishing", "test", now, timedelta(minutes=1))
    assert fence is not None
    store.speak(house.organisation, now + timedelta(hours=1), fence=fence)
    said = "The clock stood too early: this was recorded after"
    assert said in house.client("reviewer").get(f"/cases/{house.assessed().id}/").content.decode()
    assert said not in house.client("reviewer").get(f"/cases/{before.id}/").content.decode()


def test_what_bars_a_move_is_said(house: House) -> None:
    case = house.reviewed()
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "You reviewed this case. Somebody else must look at it as the second person." in page


def test_the_auditor_reads_everything_and_has_no_form(house: House) -> None:
    case = house.reviewed()
    page = house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert "Recommended. People decide." in page
    assert "You read this case and change nothing in it." in page
    assert not re.findall(r"<(form|input|textarea|button)\b", page)


def test_the_form_of_the_viewers_turn_stands_at_the_top_with_the_one_filled_button(house: House) -> None:
    case = house.assessed(ransomware())
    mine = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert re.findall(r'class="button"[^>]*>([^<]+)<', mine) == ["Record my review"]
    acts = [f"/cases/{case.id}/{act}/" for act in ("review", "assign")]
    assert re.findall(r'<form method="post" action="([^"]+)"', mine) == acts
    assert re.findall(r'class="button plain end" href="([^"]+)">([^<]+)<', mine) == [
        ("#now", "Review and decide")
    ]
    assert mine.index('id="now"') < mine.index('id="request"') < mine.index('id="assessment"')
    theirs = house.client("custodian").get(f"/cases/{case.id}/").content.decode()
    assert re.findall(r'<form method="post" action="([^"]+)"', theirs) == acts[1:]  # it may be taken
    assert "<form" not in house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert "Nothing needs you now. Next: Review and decide, for reviewer." in theirs


def test_the_form_on_the_case_page_and_on_its_own_page_have_the_same_fields(house: House) -> None:
    def fields(page: str) -> list[str]:
        page = re.sub(r'<form [^>]*class="take".*?</form>', "", page)  # of the case, whatever its next act is
        found = re.findall(r'<(?:input|select|textarea|button)[^>]* name="(?!csrf)[^>]*>', page)
        return [re.sub(r' rows="\d+"', "", each) for each in found]

    case = house.assessed(ransomware())
    for person, act in (("reviewer", "review"), ("second", "second-review")):
        client = house.client(person)
        inside = fields(client.get(f"/cases/{case.id}/").content.decode())
        assert len(inside) > 3
        assert inside == fields(client.get(f"/cases/{case.id}/{act}/").content.decode())
        case = house.reviewed()


def test_a_refused_form_comes_back_on_the_case_page_with_what_was_typed(house: House) -> None:
    case = house.reviewed()
    typed = {"agrees": "no", "reason": " ", "seen": str(case.length)}
    answer = house.client("second").post(f"/cases/{case.id}/second-review/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('role="alert"') == 1
    assert re.search(r'<div class="errors"[^>]* tabindex="-1" autofocus>', page)
    assert page.index('id="now"') < page.index('role="alert"') < page.index('id="request"')
    assert re.search(r'value="no" required checked', page)
    assert f'name="seen" value="{case.length}"' in page
    assert house.case(case.id).length == case.length


def test_who_has_to_prove_their_presence_sees_the_way_there_in_place_of_the_button(house: House) -> None:
    case = house.assessed()
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    assert case.assessment is not None
    rulings = [
        msgspec.structs.replace(
            each, decision=Decision.REFUSE, ceiling=Ceiling.NOTHING, ground=Ground.PROPORTIONALITY
        )
        for each in recommended(case.assessment)
    ]
    reviewed = desk.review(
        case.id, "reviewer", now, assessment=case.digest, rulings=rulings, why="Too wide for this."
    )
    if reviewed.stage == "reviewed":
        desk.second_review(case.id, "second", now, agrees=True)
    address = f"/cases/{case.id}/"
    late = house.client("reviewer", minutes_ago=60).get(address).content.decode()
    assert f'href="/presence/?next={address}"' in late
    assert re.findall(r"<button[^>]*>([^<]+)<", late) == ["Take it"]
    assert "Prove your presence" not in house.client("reviewer").get(address).content.decode()
    sent = house.client("reviewer", minutes_ago=60).post(
        f"{address}refuse/", {"seen": str(house.case(case.id).length)}
    )
    assert sent.headers["Location"] == "/presence/"
    assert house.case(case.id).stage == "decided"


def test_a_case_that_is_not_assessed_says_so_and_shows_their_words(house: House) -> None:
    case = house.received(world.request(supposed=(), facts="Only these words."))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "Not assessed yet" in page
    assert "Only these words." in page


def test_links_between_signs_and_words_lead_somewhere(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_sign_in_two_texts_is_anchored_once() -> None:
    def passage(title: str) -> Passage:
        cut = runs("some words", [Mark(0, 4, 1, "harm")])
        return Passage(
            title=title, language="", lang=None, dir="ltr", runs=cut, blocks=cut, numbers=(1,), aside=False
        )

    sign = SignLine(number=1, kind="harm", kind_words="", says="", weight=None, categories=(), quotes=())
    anchors, places = anchored([passage("one"), passage("two")], [sign])
    assert places == {1: "s1"}
    assert [each for each in anchors.values() if each] == ["s1"]


# ---- in the public log ----


def test_whoever_reads_the_case_fetches_the_promise_for_its_sender(house: House) -> None:
    kept = house.logged()
    case = house.received()
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert f'href="/cases/{case.id}/promise/"' in page
    for person in ("intake", "reviewer", "counsel", "custodian", "auditor"):
        answer = house.client(person).get(f"/cases/{case.id}/promise/")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="promise-{case.id}.txt"'
        assert answer.headers["Cache-Control"].find("no-store") >= 0
        key = house.installation.promiser(house.organisation, kept).key
        assert promise.read(answer.content, key).sha256 == case.versions[0].source
    assert house.client("administrator").get(f"/cases/{case.id}/promise/").status_code == 403
    assert house.client("expert").get(f"/cases/{case.id}/promise/").status_code == 404


def test_an_expert_without_the_names_gets_nothing_of_the_log(house: House) -> None:
    house.logged()
    case = house.assessed()
    desk = house.installation.desk(house.organisation)
    now, confirmed = house.installation.now(), as_covered(case)
    desk.invite(case.id, "counsel", now, person="expert", question="Is it so?", confirmed=confirmed)
    page = house.client("expert").get(f"/cases/{case.id}/").content.decode()
    assert "Is it so?" in page
    assert "public log" not in page
    for part in ("promise", "receipt"):
        assert house.client("expert").get(f"/cases/{case.id}/{part}/").status_code == 404


def test_the_receipt_for_the_authority_is_there_when_it_is_published(house: House) -> None:
    house.logged(hour=5)
    case = house.received()
    address = f"/cases/{case.id}/receipt/"
    for person in ("counsel", "custodian"):
        page = house.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "The receipt for the authority is not there yet." in page
        assert "after 05:00 in Europe/Paris: come back then." in page
        assert house.client(person).get(address).status_code == 404
    house.published()
    for person in ("counsel", "custodian"):
        assert address in house.client(person).get(f"/cases/{case.id}/").content.decode()
        answer = house.client(person).get(address)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{case.id}.json"'
        made = receipt.read(answer.content)
        assert made.holder is receipt.Holder.AUTHORITY
        [fields] = receipt.verify(made).fields
        assert fields["paper"] == {"nature": "request", "document": case.versions[0].source}


def test_the_receipt_is_handed_over_by_counsel_and_custodian_alone(house: House) -> None:
    house.logged()
    case = house.received()
    house.published()
    for person in ("intake", "reviewer", "auditor", "administrator"):
        assert house.client(person).get(f"/cases/{case.id}/receipt/").status_code == 403
        page = house.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "eceipt for the authority" not in page


def test_a_case_from_before_the_log_says_that_no_promise_was_given(house: House) -> None:
    case = house.received()
    house.logged()
    house.published()
    page = house.client("counsel").get(f"/cases/{case.id}/").content.decode()
    assert "No promise was given to the sender." in page
    assert "The receipt for the authority is not there yet." in page
    for part in ("promise", "receipt"):
        assert house.client("counsel").get(f"/cases/{case.id}/{part}/").status_code == 404


def test_the_case_says_unwitnessed_until_somebody_outside_has_to_sign(house: House) -> None:
    kept = house.logged()
    case = house.received()
    read = house.client("reviewer").get
    assert "Unwitnessed" in read(f"/cases/{case.id}/").content.decode()
    house.logged(origin=kept.origin, witnesses=(WITNESS,), quorum=1)
    page = read(f"/cases/{case.id}/").content.decode()
    assert "In the public log" in page
    assert "nwitnessed" not in page


def test_a_case_of_a_house_without_a_log_says_nothing_of_it(everybody: House) -> None:
    case = everybody.received()
    for person in ("counsel", "custodian", "reviewer"):
        page = everybody.client(person).get(f"/cases/{case.id}/").content.decode()
        assert "public log" not in page
        for part in ("promise", "receipt"):
            assert everybody.client(person).get(f"/cases/{case.id}/{part}/").status_code == 404


def test_who_may_not_assign_is_offered_nothing_to_take(house: House) -> None:
    case = house.assessed()
    assert 'id="take"' in house.client("custodian").get(f"/cases/{case.id}/").content.decode()
    assert 'id="take"' not in house.client("auditor").get(f"/cases/{case.id}/").content.decode()


def test_every_article_that_a_finding_names_leads_to_one_row(everybody: House) -> None:
    case = everybody.assessed(world.request(supposed=(), measure=Measure.STORED_ACCESS))
    client = everybody.client("reviewer")
    links = set(re.findall(r'href="(/law/instruments/[a-z0-9-]+/)#(p-[0-9a-z-]+)"',
        client.get(f"/cases/{case.id}/").content.decode()))  # fmt: skip
    assert len(links) > 5
    for page, place in links:
        assert client.get(page).content.decode().count(f'id="{place}"') == 1


def test_what_ends_first_and_what_is_next_stand_in_the_bar(house: House) -> None:
    case = house.reviewed()
    page = house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    bar = page.partition('aria-label="This case"')[2].partition("</section>")[0]
    assert re.search(r"<b>\d+ days[^<]* left</b>", bar)
    assert "Europe/Paris</time>" in bar
    assert "Next: Look at it as the second person, for reviewer" in bar
    mine = house.client("second").get(f"/cases/{case.id}/").content.decode()
    assert 'href="#now">Look at it as the second person</a>' in mine


@pytest.mark.parametrize("person", ["auditor", "reviewer"])
def test_whoever_reads_a_case_reads_every_decision_about_each_item(house: House, person: str) -> None:
    case = house.reviewed()
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.second_review(case.id, "second", now, agrees=False, reason="Less would do.")
    page = house.client(person).get(f"/cases/{case.id}/").content.decode()
    course = page.partition('id="decisions"')[2].partition("</details>")[0]
    for said in ("Reviewer 1", "Reviewer 2", "Decided", "Did not agree", "Less would do.", "Number 1, "):
        assert said in course, said
    assert course.count("<table") == len(case.asked())
    assert case.digest[:12] in course


def test_an_objection_stands_beside_the_form_that_answers_it(house: House) -> None:
    case, code = house.told()
    house.installation.object(house.organisation, case.id, code, "These are my sources.")
    counsel = house.client("counsel")
    for address in (f"/cases/{case.id}/", f"/cases/{case.id}/answer-objection/"):
        page = counsel.get(address).content.decode()
        form = page.partition(f'action="/cases/{case.id}/answer-objection/"')[2].partition("</section>")[0]
        assert "What the person wrote" in form
        assert "These are my sources." in form
    assert "These are my sources." not in house.client("reviewer").get(f"/cases/{case.id}/").content.decode()


def test_an_order_of_our_own_state_rests_on_no_treaty_and_no_figure_is_a_score(house: House) -> None:
    case = house.assessed(example("domestic-order"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert not re.search(r'<span class="art">UN Convention', page)
    assert "Measured by" in page
    assert not re.search(r"\blean\b|reckoned:", page)
