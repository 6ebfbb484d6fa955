"""The page of the public log: who sees what of it, how it is opened, and what an auditor is given."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.desk import public
from habeas.desk.events import Doorway, LogConfigured, Silence
from habeas.desk.public import Opening
from habeas.errors import Refused
from habeas.reports.published import OpenLeaf
from habeas.tlog import Algorithm, Folder, Key, Signer, Tree, reader
from habeas.web.views import public_log
from tests.web.house import SECOND, WITNESS, House

TYPED = {
    "origin": "log.example.org/house",
    "hour": "6",
    "within": "5",
    "fill": "16",
    "witnesses": "",
    "quorum": "0",
    "tiles": "",
}


def kept(house: House) -> LogConfigured | None:
    return house.installation.people(house.organisation).log


def seen(house: House, person: str = "administrator", address: str = "/log/") -> str:
    answer = house.client(person).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def before(house: House) -> str:
    (found,) = re.findall(r'name="before" value="([0-9a-f]+)"', seen(house, address="/log/keep/"))
    return str(found)


def post(house: House, **typed: str) -> Any:
    sent = {**TYPED, "before": typed.pop("before", "") or before(house), **typed}
    return house.client("administrator").post("/log/keep/", sent)


# ---- opening and changing it ----


def test_a_house_without_a_log_says_what_that_means_and_its_administrator_opens_one(house: House) -> None:
    assert "This house keeps no public log" in seen(house)
    assert "Open the log" in seen(house)
    assert "Open the log" not in seen(house, "auditor")
    assert "This house keeps none" in seen(house, address="/settings/")
    assert post(house).status_code == 302
    assert kept(house) == LogConfigured(origin="log.example.org/house", hour=6, within=5)
    assert "The public log is open" in seen(house)


def test_the_name_of_a_log_is_asked_once_and_never_changes(house: House) -> None:
    house.logged(origin="log.example.org/first")
    assert 'name="origin"' not in seen(house, address="/log/keep/")
    assert post(house, origin="log.example.org/second", hour="7").status_code == 302
    found = kept(house)
    assert found is not None
    assert (found.origin, found.hour) == ("log.example.org/first", 7)


def test_a_site_is_put_into_a_bucket_by_the_form_and_read_from_it(
    house: House, s3_server: str, bucket_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "example")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    address = f"s3://{bucket_name}/log?endpoint={s3_server}&region=us-east-1"
    for wrong in ("s3:bucket", "https://bucket", f"{address}&key=secret", "s3://b?endpoint=no address"):
        answer = post(house, tiles=wrong)
        assert answer.status_code == 422
        page = html.unescape(answer.content.decode())
        assert "no address of a bucket" in page
        assert f'value="{wrong}"' in page
    assert kept(house) is None
    assert post(house, tiles=address).status_code == 302
    assert "16 leaves" not in seen(house, "auditor")
    assert address in html.unescape(seen(house, "auditor"))
    house.published()
    assert "16 leaves" in seen(house, "auditor")
    assert not (house.installation.site(house.organisation) / "fresh").exists()
    assert f'value="{address}"' in html.unescape(seen(house, address="/log/keep/"))
    assert post(house, hour="7", tiles=address).status_code == 302
    found = kept(house)
    assert found is not None
    assert (found.hour, found.tiles) == (7, address)


# ---- two people ----


def waiting(house: House, person: str = SECOND) -> str:
    return html.unescape(seen(house, person, "/settings/proposals/"))


def test_from_the_first_request_on_how_the_log_is_kept_takes_two(house: House) -> None:
    before = house.logged()
    house.received()
    form = seen(house, address="/log/keep/")
    assert "Propose the change" in form
    assert 'name="why"' in form
    others = {"hour": "4", "within": "3", "fill": "16", "quorum": "1"}
    others["witnesses"] = f"{WITNESS.key} {WITNESS.url}"
    refused = post(house, **others)
    assert refused.status_code == 422  # without a reason nothing is proposed
    answer = post(house, **others, tiles="s3://bucket/log", why="An outsider watches.")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/proposals/")
    assert kept(house) == before
    assert "1 proposal waits" in seen(house, "auditor")
    page = waiting(house)
    assert "How the public log is kept, proposed by" in page
    for each in ("An outsider watches.", "s3://bucket/log", "the folder of the house", str(WITNESS.key)):
        assert each in page
    assert "Hour of the daily publication" not in page  # only what would be other than now
    [proposal] = house.installation.people(house.organisation).proposals
    sent = {"proposal": str(proposal.number), "what": "confirm"}
    mine = house.client("administrator").post("/settings/proposals/answer/", sent)
    assert mine.status_code == 422
    assert kept(house) == before
    assert house.client(SECOND).post("/settings/proposals/answer/", sent).status_code == 302
    found = kept(house)
    assert found is not None
    assert (found.witnesses, found.quorum, found.tiles) == ((WITNESS,), 1, "s3://bucket/log")
    assert "habeas log rebuild" in waiting(house)


def test_a_log_that_is_opened_after_the_first_request_takes_two_as_well(house: House) -> None:
    house.received()
    assert "Propose to open it" in seen(house, address="/log/keep/")
    assert post(house, why="People should be able to check us.").status_code == 302
    assert kept(house) is None
    page = waiting(house)
    assert "A public log, proposed by" in page
    assert "log.example.org/house" in page
    [proposal] = house.installation.people(house.organisation).proposals
    sent = {"proposal": str(proposal.number), "what": "confirm"}
    assert house.client(SECOND).post("/settings/proposals/answer/", sent).status_code == 302
    assert kept(house) == LogConfigured(origin="log.example.org/house", hour=6, within=5)


def test_in_a_house_with_one_administrator_counsel_is_the_second_person(house: House) -> None:
    house.received()
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.dismiss("administrator", now, person=SECOND)
    assert post(house, why="People should be able to check us.").status_code == 302
    [proposal] = house.installation.people(house.organisation).proposals
    sent = {"proposal": str(proposal.number), "what": "confirm"}
    assert house.client("administrator").post("/settings/proposals/answer/", sent).status_code == 422
    assert kept(house) is None
    assert house.client("counsel").post("/settings/proposals/answer/", sent).status_code == 302
    assert kept(house) is not None


def test_witnesses_and_quorum_are_set_and_silences_stay(house: House) -> None:
    silence = Silence(subject="hold", how="never", law="Example Act, section 3")
    house.logged(silences=(silence,))
    assert "Example Act, section 3" in seen(house, "auditor")
    line = f"{WITNESS.key}   {WITNESS.url} "
    stays = silences(footing="", how="never", step="", law="Example Act, section 3")
    assert post(house, witnesses=f"\n{line}\n\n", quorum="1", **stays).status_code == 302
    found = kept(house)
    assert found is not None
    assert (found.witnesses, found.quorum, found.silences) == ((WITNESS,), 1, (silence,))
    page = seen(house, "auditor")
    assert "1 of 1 must cosign" in page
    assert "witness.example.org/w1" in page
    assert "nwitnessed" not in page


BARRED = {"subject": "hold", "footing": "order", "how": "band", "step": "10", "until": "", "law": "Act, s. 3"}


def silences(number: int = 1, **typed: str) -> dict[str, str]:
    return {f"{field}-{number}": words for field, words in {**BARRED, **typed}.items()}


def test_what_law_forbids_to_count_is_set_changed_and_taken_back(house: House) -> None:
    house.logged()
    assert post(house, **silences()).status_code == 302
    first = Silence(subject="hold", footing="order", how="band", step=10, law="Act, s. 3")
    found = kept(house)
    assert found is not None
    assert found.silences == (first,)
    page = seen(house, address="/log/keep/")
    assert 'value="Act, s. 3"' in page
    assert "Not shown (1)" in page
    later = {"subject": "accounts", "how": "defer", "until": "2028-01", "footing": "", "law": ""}
    assert post(house, **silences(), **silences(2, **later)).status_code == 302
    found = kept(house)
    assert found is not None
    assert found.silences == (first, Silence(subject="accounts", how="defer", until="2028-01"))
    assert "By which law may not be said" in seen(house, "auditor")
    assert post(house, **silences(subject=""), **silences(2, subject="")).status_code == 302
    found = kept(house)
    assert found is not None
    assert found.silences == ()


def test_one_kind_of_order_can_be_silenced_alone_and_without_a_word_and_doors_stay(house: House) -> None:
    key = Signer.from_seed(f"{TYPED['origin']}/promises", b"d" * 32, Algorithm.ED25519).key
    door = Doorway(door="portal", key=str(key))
    house.logged(origin=TYPED["origin"], doors=(door,))
    law = {"subject": "request", "how": "unsaid", "step": "", "state": "che", "instrument": "budapest"}
    assert post(house, **silences(**law)).status_code == 302
    found = kept(house)
    assert found is not None
    assert found.silences == (
        Silence(
            subject="request",
            footing="order",
            how="unsaid",
            law="Act, s. 3",
            state="CHE",
            instrument="budapest",
        ),
    )
    assert found.doors == (door,)
    assert "never shown, and nothing may be said of it" in seen(house, "auditor")
    assert 'value="CHE"' in seen(house, address="/log/keep/")


def test_a_silence_lies_closed_with_its_sum_in_one_line_until_something_in_it_is_refused(
    house: House,
) -> None:
    def folds(page: str) -> list[tuple[bool, str]]:
        found = re.findall(r'<details class="shelf gap2"( open)?><summary>(.*?)</summary>', page)
        return [(bool(stands), re.sub("<[^>]+>", "", says).strip()) for stands, says in found]

    house.logged()
    assert folds(seen(house, address="/log/keep/")) == [(False, "Add one")]
    silence = Silence(subject="hold", how="band", step=250, state="CHE", law="Example Act, section 3")
    house.logged(silences=(silence,))
    kept_one = "Not shown (1) Hold, of CHE: shown in bands of 250"
    assert folds(seen(house, address="/log/keep/")) == [(False, kept_one), (False, "One more")]
    typed = silences(footing="", how="band", step="2", state="CHE", law="Example Act, section 3")
    refused = post(house, **typed).content.decode()
    assert folds(refused) == [(True, "Not shown (1) Hold, of CHE: shown in bands of 2"), (False, "One more")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"state": "XXX"}, "XXX"),
        ({"step": "4"}, "five values or more"),
        ({"step": "ten"}, "no whole number"),
        ({"how": "defer", "until": "soon"}, "names its month"),
        ({"how": "hidden"}, "silences nothing that is counted"),
        ({"subject": "everything"}, "silences nothing that is counted"),
        ({"footing": "friends"}, "silences nothing that is counted"),
    ],
)
def test_a_silence_that_cannot_be_is_refused_and_keeps_what_was_typed(
    typed: dict[str, str], says: str, house: House
) -> None:
    house.logged()
    answer = post(house, **silences(**typed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert 'value="Act, s. 3"' in page
    assert kept(house) == house.logged()


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"origin": "https://log.example.org"}, "origin"),
        ({"origin": ""}, "origin"),
        ({"hour": "24"}, "hour"),
        ({"hour": "noon"}, "hour"),
        ({"within": "0"}, "within"),
        ({"within": "9999"}, "within"),
        ({"fill": "48"}, "fill"),
        ({"fill": "many"}, "fill"),
        ({"quorum": "1"}, "quorum"),
        ({"quorum": "-1"}, "quorum"),
        ({"witnesses": "only-a-key"}, "witnesses, line 1"),
        ({"witnesses": f"{WITNESS.key} {WITNESS.url}\nno-key https://w.example.org"}, "witnesses, line 2"),
        ({"witnesses": f"{WITNESS.key} http://witness.example.org"}, "witnesses, line 1"),
        ({"witnesses": f"{WITNESS.key} {WITNESS.url}\n{WITNESS.key} {WITNESS.url}"}, "witnesses"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_keeps_what_was_typed(
    typed: dict[str, str], place: str, house: House
) -> None:
    answer = post(house, **{"within": "13", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<span class="place">{place}</span>' in page
    assert 'value="13"' in page or typed.get("within", "13") != "13"
    assert kept(house) is None


def test_what_somebody_else_settled_meanwhile_is_not_overwritten(house: House) -> None:
    old = before(house)
    house.logged()
    answer = post(house, before=old)
    assert answer.status_code == 422
    assert "changed while you looked at it" in answer.content.decode()
    assert kept(house) == house.logged()


def test_only_who_runs_the_house_settles_it_and_proves_their_presence(house: House) -> None:
    for person in ("auditor", "counsel", "reviewer"):
        assert house.client(person).post("/log/keep/", TYPED).status_code == 403
    answer = house.client("administrator", minutes_ago=16).get("/log/keep/")
    assert answer.headers["Location"].startswith("/presence/")
    assert kept(house) is None


# ---- what it shows ----


def test_the_page_is_for_who_keeps_it_and_who_checks_it(everybody: House) -> None:
    found = {
        person: everybody.client(person).get("/log/").status_code
        for person in ("administrator", "auditor", "counsel", "reviewer", "custodian", "intake", "expert")
    }
    assert [person for person, status in found.items() if status == 200] == [
        "administrator",
        "auditor",
        "counsel",
    ]
    assert set(found.values()) == {200, 403}


def test_the_keys_are_shown_to_be_printed_elsewhere(house: House) -> None:
    settled = house.logged(hour=6, within=5)
    app = house.installation
    page = seen(house)
    assert str(app.log_signer(house.organisation, settled).key) in page
    assert str(app.promiser(house.organisation, settled).key) in page
    assert settled.origin in page
    assert "after 06:00" in page
    assert "within 5 days" in page


def test_it_says_what_waits_and_what_is_published(house: House) -> None:
    house.logged()
    assert "Nothing yet" in seen(house)
    assert "0 entries wait" in seen(house)
    house.received()
    assert "2 entries wait" in seen(house)  # what arrived, and the request that was read in it
    house.published()
    page = seen(house)
    assert "16 leaves" in page
    assert "0 entries wait" in page
    assert "are not shown" not in page


def test_what_has_its_place_and_is_not_shown_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.logged(witnesses=(WITNESS,), quorum=1)

    class Silent:
        key = Key.parse(WITNESS.key)

        def cosign(self, checkpoint: bytes, prove: object) -> Any:
            raise Refused("the witness does not answer")

    outcome = Publisher(house.installation, connect=lambda _each: Silent()).publish(house.organisation)
    assert outcome is not None
    assert not outcome.published.quorum_met
    page = seen(house)
    assert "Nothing yet" in page
    assert "16 more have their places and are not shown" in page


def test_unwitnessed_is_said_wherever_the_log_is_spoken_of(house: House) -> None:
    house.logged()
    for person, address in (
        ("administrator", "/log/"),
        ("auditor", "/log/"),
        ("counsel", "/log/"),
        ("administrator", "/settings/"),
        ("administrator", "/log/keep/"),
        ("intake", "/receive/"),
    ):
        assert "Unwitnessed" in seen(house, person, address), address


def test_a_damaged_site_is_said_and_hides_no_page(house: House) -> None:
    house.logged()
    case = house.received()
    house.published()
    site = house.installation.site(house.organisation)
    for name in ("fresh", "habeas.json", "checkpoint"):
        whole = (site / name).read_bytes()
        (site / name).write_bytes(b"{not what it was")
        page = seen(house, "auditor")
        assert ("The site cannot be read" in page) is (name != "checkpoint")
        assert str(house.installation.log_signer(house.organisation, house.logged()).key) in page
        page = seen(house, "counsel", f"/cases/{case.id}/")
        assert ("cannot be made now" in page) is (name == "checkpoint")
        (site / name).write_bytes(whole)
    assert "cannot be" not in seen(house, "auditor").partition("Where it stands")[2]


# ---- what an auditor is given ----


def _lines(answer: Any) -> list[dict[str, Any]]:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [json.loads(line) for line in data.splitlines()]


def test_auditor_and_counsel_are_given_the_openings_of_every_published_leaf(house: House) -> None:
    house.logged()
    house.received()
    house.published()
    house.received()  # this one waits
    size = house.installation.store.trace.size(house.organisation)
    tiles = Folder(house.installation.site(house.organisation))
    leaves = list(Tree(size, reader(tiles)).entries(0, size))
    for person in ("auditor", "counsel"):
        assert "/log/openings/" in seen(house, person)
        answer = house.client(person).get("/log/openings/")
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="openings.ndjson"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.streaming
        seed, *found = _lines(answer)
        assert list(seed) == ["seed"]
        assert len(found) == len(leaves)
        for each, leaf in zip(found, leaves, strict=True):
            salts = tuple(bytes.fromhex(salt) for salt in each["salts"])
            opening = Opening(group="count", values=tuple(each["values"]), salts=salts)
            assert opening.commitment() == public.commitments(leaf)[0]


@pytest.mark.parametrize("address", ["/log/openings/", "/log/ledgers/"])
def test_who_does_not_check_the_log_is_given_nothing_to_open_it(address: str, house: House) -> None:
    house.logged()
    house.published()
    for person in ("administrator", "reviewer", "custodian", "intake", "expert", "delegate"):
        assert house.client(person).get(address).status_code == 403
    assert address not in seen(house)


@pytest.mark.parametrize("address", ["/log/openings/", "/log/ledgers/"])
def test_before_the_first_publication_there_is_nothing_to_be_given(address: str, house: House) -> None:
    assert house.client("auditor").get(address).status_code == 404
    house.logged()
    assert house.client("auditor").get(address).status_code == 404
    assert address not in seen(house, "auditor")
    assert "Nothing is published yet" in seen(house, "auditor")


def test_the_ledgers_are_those_of_the_site_and_the_newest_come_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.logged()
    house.received()
    app = house.installation
    real = app.now
    for days in range(3):
        monkeypatch.setattr(app, "now", lambda days=days: real() + timedelta(days=days))
        house.published()
    monkeypatch.setattr(public_log, "LEDGERS", 2)
    found = _lines(house.client("auditor").get("/log/ledgers/"))
    assert [each["place"] for each in found] == sorted((each["place"] for each in found), reverse=True)
    assert len(found) == 2
    for each in found:
        site = app.site(house.organisation) / "open" / f"{each['place']}.json"
        assert json.loads(site.read_text()) == each
        leaf = msgspec.convert(each, OpenLeaf)
        assert leaf.opening("count").value("kind") == "ledger"
        assert leaf.opening("paper").value("document") in seen(house, "auditor")


# ---- totals ----


def test_totals_that_are_due_are_opened_by_counsel_with_one_button(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.logged()
    app = house.installation
    real = app.now
    for days in (0, 31, 62):
        monkeypatch.setattr(app, "now", lambda days=days: real() + timedelta(days=days))
        house.published()
    first, *later = Reporter(app).due(house.organisation)
    assert later
    client = house.client("counsel")
    page = client.get("/log/").content.decode()
    assert f"Open the totals of {first}" in page
    assert f"Open the totals of {later[0]}" not in page
    assert later[0] in page
    for person in ("auditor", "administrator"):
        said = seen(house, person)
        assert f"Those of {first} wait for counsel" in said
        assert "Open the totals" not in said
        assert house.client(person).post("/log/totals/", {"month": first}).status_code == 403
    assert client.get("/log/totals/").status_code == 405
    assert Reporter(app).totals(house.organisation) == ()
    answer = client.post("/log/totals/", {"month": first}, follow=True)
    assert f"The totals of {first} are opened" in answer.content.decode()
    assert [each.month for each in Reporter(app).totals(house.organisation)] == [first]
    for month in (first, "2020-01", "x"):
        answer = client.post("/log/totals/", {"month": month}, follow=True)
        assert "Nothing was opened" in answer.content.decode()
    assert f"Open the totals of {later[0]}" in client.get("/log/").content.decode()


def test_a_house_without_a_log_has_no_totals(house: House) -> None:
    assert house.client("counsel").post("/log/totals/", {"month": "2026-10"}).status_code == 404


# ---- a report for inside use ----


def test_auditor_and_counsel_take_a_report_of_any_months_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.logged()
    house.received()
    app = house.installation
    real = app.now
    month = public.month(real())
    for days in (0, 31):
        monkeypatch.setattr(app, "now", lambda days=days: real() + timedelta(days=days))
        house.published()
    for person in ("auditor", "counsel"):
        assert "A report for inside use" in seen(house, person)
        answer = house.client(person).get("/log/report/", {"first": month, "last": month})
        assert answer.headers["Content-Disposition"] == f'attachment; filename="inside-{month}.html"'
        assert "For inside use only, and not published" in answer.content.decode()
    client = house.client("counsel")
    for first, last, why in (
        (month, "9998-01", "months at most"),
        ("", month, "not a month"),
        (month, "2000-01", "ends before it begins"),
    ):
        said = client.get("/log/report/", {"first": first, "last": last}, follow=True).content.decode()
        assert why in said
    assert house.client("reviewer").get("/log/report/").status_code == 403
    assert "A report for inside use" not in seen(house)
    assert not (app.site(house.organisation) / "reports").exists()


def test_a_house_without_a_log_has_no_report(house: House) -> None:
    assert house.client("counsel").get("/log/report/").status_code == 404
