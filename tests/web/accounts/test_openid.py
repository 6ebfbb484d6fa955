"""Sign-in through a house's own service: a real one, a real desk told of it, and everything that can go wrong
between the two. It opens an account that is set up, with our second factor, and never makes one."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from tests.web.browser import CHROMIUM, MISSING, Visitor, chromium, code_of
from tests.web.house import PASSWORD, SECRET
from tests.web.service import Dripping, Hands, Houses, Silent, houses, swapped

NOT = "You were not signed in"
BACK = "/openid/ours/back/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    with houses(tmp_path_factory.mktemp("openid")) as made:
        yield made


@pytest.fixture
def there(running: Houses) -> Iterator[Houses]:
    running.forget()
    yield running
    running.between.lie = None


@pytest.fixture
def hands(there: Houses) -> Iterator[Hands]:
    with Hands(there) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(MISSING)
    with chromium() as found:
        yield found


@pytest.fixture
def visitor(browser: Any, there: Houses) -> Iterator[Visitor]:
    somebody = Visitor(browser, there.desk)
    yield somebody
    # Of a refusal the console says that it was one, and the service's page wants a style from far away.
    somebody.complaints = [each for each in somebody.complaints if "Failed to load resource" not in each]
    somebody.leave()


def _through(visitor: Visitor, sub: str) -> None:
    """In the browser: the button of the sign-in page, and the service's own page."""
    visitor.page.get_by_role("button", name="Our service").click()
    _agrees(visitor, sub)


def _agrees(visitor: Visitor, sub: str) -> None:
    visitor.page.locator("input[name=sub]").fill(sub)
    visitor.page.get_by_role("button", name="Authorize", exact=True).click()


def _ended(there: Houses, hands: Hands, answer: Any, status: int, how: str, person: str = "") -> None:
    """On a calm page of ours, written down, and nothing open: no session, and no half of one."""
    assert answer.status_code == status, answer.text
    assert NOT in answer.text
    assert "Nothing was opened" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert there.lines()[0] == ("not-signed-in", f"sign-in service: {how}", person)
    assert hands.at("/").headers["Location"].startswith("/sign-in/")
    assert hands.at("/sign-in/code/").headers.get("Location", "").startswith("/sign-in/")


def test_an_account_is_linked_by_its_owner_and_from_then_on_the_sub_opens_it(
    there: Houses, visitor: Visitor
) -> None:
    """Password and code first; then the service takes the place of the password, and never of the code."""
    there.person("sub-auditor")
    _by_password(there, visitor, "auditor")
    visitor.go("/account/service/ours/")
    visitor.page.get_by_role("button", name="Link my account").click()
    _agrees(visitor, "sub-auditor")
    visitor.page.wait_for_url(f"{there.desk}/account/")
    assert "Your account is linked" in visitor.page.locator("main").inner_text()
    assert ("sub-auditor", f"auditor@{there.domain}") in there.links()
    assert there.lines()[0] == ("linked", "sign-in service", "auditor")
    asked = there.between.words("/oauth2/authorize")
    told = there.between.words("/oauth2/token")
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid", "neither a name nor an address is asked for"
    assert asked["code_challenge_method"] == "S256"
    digest = hashlib.sha256(told["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 32

    visitor.go("/account/lately/")
    visitor.page.get_by_role("button", name="I have looked").click()
    visitor.go("/sign-out/")
    visitor.page.get_by_role("button", name="Sign out").click()
    there.forget()
    visitor.go("/sign-in/?next=/access/")
    _through(visitor, "sub-auditor")
    assert there.lines()[0][:2] == ("half-way", "sign-in service")
    visitor.page.get_by_label("Code").fill(code_of(SECRET))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"{there.desk}/access/")
    assert visitor.heading() == "Access record"
    assert not visitor.page.get_by_role("link", name="Take in").count()  # an auditor's roles, no more
    assert there.lines()[0] == ("signed-in", "sign-in service and authenticator", "auditor")

    visitor.go("/account/service/ours/")
    visitor.page.get_by_role("button", name="Undo that").click()
    visitor.page.wait_for_url(f"{there.desk}/account/")
    assert "sub-auditor" not in {each[0] for each in there.links()}
    assert there.lines()[0] == ("unlinked", "sign-in service", "auditor")


def _by_password(there: Houses, visitor: Visitor, person: str) -> None:
    there.forget()
    visitor.go("/sign-in/")
    visitor.page.get_by_label("Name to sign in with").fill(f"{person}@{there.domain}")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.page.get_by_label("Code").fill(code_of(SECRET))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"{there.desk}/**")


def _signed_in(there: Houses, hands: Hands, person: str) -> None:
    there.forget()
    named = {"login": f"{person}@{there.domain}", "password": PASSWORD}
    hands.sends("/sign-in/", **named)
    assert hands.sends("/sign-in/code/", code=code_of(SECRET)).status_code == 302


def _asks_to_link(hands: Hands) -> str:
    return str(hands.sends("/account/service/ours/", what="link").headers["Location"])


def test_a_sub_means_one_account_and_an_account_has_one(there: Houses, hands: Hands) -> None:
    there.linked("sub-second", "second")
    there.person("sub-heir")
    for person, sub in (("intake", "sub-second"), ("second", "sub-heir")):
        with Hands(there) as mine:
            _signed_in(there, mine, person)
            answer = mine.at(mine.agrees(_asks_to_link(mine), sub))
            assert answer.status_code == 409
            assert "linked already" in answer.text
            assert there.lines()[0] == ("not-signed-in", "sign-in service: not linked", person)
    mine = [each for each in there.links() if each[1].split("@")[0] in ("second", "intake")]
    assert mine == [("sub-second", f"second@{there.domain}")]


def test_nobody_is_linked_by_an_answer_that_another_asked_for(there: Houses, hands: Hands) -> None:
    """Neither who is not signed in, nor somebody else in the same browser, nor another browser."""
    there.person("sub-thief")
    _signed_in(there, hands, "intake")
    led = hands.agrees(_asks_to_link(hands), "sub-thief")
    hands.sends("/sign-out/")
    assert hands.at(led).status_code == 400, "the question went with the session"
    with Hands(there) as other:
        _signed_in(there, other, "delegate")
        assert other.at(led).status_code == 400
    assert "sub-thief" not in {each[0] for each in there.links()}
    assert hands.at("/account/service/ours/").headers["Location"].startswith("/sign-in/")


def test_nothing_but_the_sub_counts(there: Houses, hands: Hands) -> None:
    """An address that went to somebody else opens nothing, and a new address shuts nobody out."""
    there.linked("sub-second", "second")
    there.person("sub-second", email="a-new-name@elsewhere.example", email_verified=True)
    there.person("sub-heir", email=f"second@{there.domain}", email_verified=True)
    with Hands(there) as heir:
        _finished(hands, hands.returns("sub-second"))
        there.forget()
        _ended(there, heir, heir.returns("sub-heir"), 403, "no account")
    assert [each for each in there.links() if each[1].startswith("second@")] == [
        ("sub-second", f"second@{there.domain}")
    ]


def _finished(hands: Hands, answer: Any) -> None:
    """The code, after which the desk is open."""
    assert answer.status_code == 302, answer.text
    assert hands.at("/").headers["Location"].startswith("/sign-in/")
    address = answer.headers["Location"]
    page = hands.at(address).text
    secret = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    done = hands.post(
        hands.houses.desk + address,
        data={"csrfmiddlewaretoken": secret, "code": code_of(SECRET)},
        allow_redirects=False,
        timeout=60,
    )
    assert done.status_code == 302, done.text
    assert hands.at("/").status_code == 200


def test_a_stranger_is_refused_in_plain_words_and_learns_nothing(there: Houses, visitor: Visitor) -> None:
    there.linked("sub-custodian", "custodian")  # has no second factor any more
    there.linked("sub-expert", "expert")  # ended
    there.person("sub-stranger")
    there.person("sub-vague", email=f"counsel@{there.domain}", email_verified=True)
    pages = set()
    for sub in ("stranger", "custodian", "expert", "vague"):
        there.forget()
        visitor.go("/sign-in/")
        _through(visitor, f"sub-{sub}")
        assert visitor.heading() == NOT
        pages.add(visitor.page.locator("main").inner_text())
        known = sub if sub in ("custodian", "expert") else ""
        assert there.lines()[0] == ("not-signed-in", "sign-in service: no account", known)
        visitor.go("/")
        assert visitor.heading() == "Sign in"
    assert len(pages) == 1
    assert not {each[0] for each in there.links()} & {"sub-stranger", "sub-vague"}


def test_who_does_not_agree_is_not_signed_in(there: Houses, visitor: Visitor, hands: Hands) -> None:
    visitor.go("/sign-in/")
    visitor.page.get_by_role("button", name="Our service").click()
    state = parse_qs(urlsplit(visitor.page.url).query)["state"][0]
    visitor.go(f"{BACK}?error=access_denied&state={state}")  # the service at hand forgets to send the state
    assert visitor.heading() == NOT
    assert "you did not agree" in visitor.page.locator("main").inner_text()
    assert there.lines()[0] == ("not-signed-in", "sign-in service: cancelled", "")

    visitor.go("/sign-in/")
    visitor.page.get_by_role("button", name="Our service").click()
    visitor.page.get_by_role("button", name="Deny").click()
    assert visitor.heading() == NOT
    visitor.go("/")
    assert visitor.heading() == "Sign in"


def test_an_error_of_the_service_opens_nothing_and_none_of_its_words_are_shown(
    there: Houses, hands: Hands
) -> None:
    state = _state(hands.begins())
    words = "error=server_error&error_description=%3Cb%3Ecall+555%3C/b%3E&error_uri=https://evil.example"
    answer = hands.at(f"{BACK}?{words}&state={state}")
    _ended(there, hands, answer, 502, "an error of its own")
    assert "555" not in answer.text
    assert "evil.example" not in answer.text
    there.forget()
    _ended(there, hands, hands.at(f"{BACK}?state={_state(hands.begins())}"), 400, "not our question")


def _state(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]


def test_an_answer_to_no_question_of_this_browser_opens_nothing(there: Houses, hands: Hands) -> None:
    sub = there.linked("sub-reviewer", "reviewer")
    with Hands(there) as other:
        theirs = other.agrees(other.begins().headers["Location"], sub)
        for path in (
            BACK,
            f"{BACK}?code=x",
            f"{BACK}?code=x&state=",
            f"{BACK}?code=x&state=forged",
            f"{BACK}?error=access_denied",
            theirs,  # a good answer, to somebody else's question
        ):
            there.forget()
            _ended(there, hands, hands.at(path), 400, "not our question")
        there.forget()
        mine = hands.agrees(hands.begins().headers["Location"], sub)
        there.between.lie = swapped("/oauth2/token", id_token="x")
        _ended(there, hands, hands.at(mine), 502, "its answer does not hold")
        there.between.lie = None
        there.forget()
        _ended(there, hands, hands.at(mine), 400, "not our question")  # a question is answered once
        assert other.at(theirs).status_code == 302  # nobody's attempt spoiled theirs


def test_a_code_that_is_not_ours_opens_nothing(there: Houses, hands: Hands) -> None:
    sub = there.linked("sub-reviewer", "reviewer")
    begun = hands.begins().headers["Location"]
    _ended(there, hands, hands.at(f"{BACK}?code=made-up&state={_state_of(begun)}"), 502, _HOLDS)

    there.forget()
    with Hands(there) as other:  # a good code of another sign-in: the verifier does not fit
        theirs = parse_qs(urlsplit(other.agrees(other.begins().headers["Location"], sub)).query)["code"][0]
    mine = _state_of(hands.begins().headers["Location"])
    answer = hands.at(f"{BACK}?code={theirs}&state={mine}")
    _ended(there, hands, answer, 502, _HOLDS)

    there.forget()
    with Hands(there) as other:
        path = other.agrees(other.begins().headers["Location"], sub)
        code = parse_qs(urlsplit(path).query)["code"][0]
        assert other.at(path).status_code == 302
    used = f"{BACK}?code={code}&state={_state_of(hands.begins().headers['Location'])}"
    _ended(there, hands, hands.at(used), 502, _HOLDS)


_HOLDS = "its answer does not hold"


def _state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def test_a_token_for_somebody_else_opens_nothing(there: Houses, hands: Hands) -> None:
    """Real tokens of the same service: of another client, of an earlier sign-in, and one that was changed."""
    sub = there.linked("sub-reviewer", "reviewer")
    client, secret = there.registered("http://localhost/other/")
    where = f"{there.between.address}/oauth2/authorize?client_id={client}&response_type=code&scope=openid"
    led = hands.agrees(f"{where}&redirect_uri=http://localhost/other/&nonce=n", sub)
    asked = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(led).query)["code"][0],
        "redirect_uri": "http://localhost/other/",
        "client_id": client,
        "client_secret": secret,
    }
    theirs = hands.post(f"{there.between.address}/oauth2/token", data=asked, timeout=60).json()["id_token"]
    earlier: list[str] = []

    def keep(path: str, status: int, told: bytes) -> tuple[int, bytes]:
        if path == "/oauth2/token":
            earlier.append(json.loads(told)["id_token"])
        return status, told

    there.between.lie = keep
    assert hands.returns(sub).status_code == 302
    hands.cookies.clear()
    head, body, seal = earlier[0].split(".")
    changed = f"{head}.{body}.{seal[:-8]}{'A' * 8}"
    for token in (theirs, earlier[0], changed, None, 17):
        there.forget()
        there.between.lie = swapped("/oauth2/token", id_token=token)
        _ended(there, hands, hands.returns(sub), 502, _HOLDS)


def _down(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    raise Silent


def _broken(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    return 503, b"<h1>down</h1>"


def _garbled(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    return 200, b"<h1>welcome</h1>"


def test_a_service_that_is_down_opens_nothing_at_any_step(there: Houses, hands: Hands) -> None:
    sub = there.linked("sub-reviewer", "reviewer")
    for lie in (_down, _broken, _garbled):
        there.between.lie = lie
        there.forget()
        _ended(there, hands, hands.begins(), 502, "it did not answer")
    steps = {
        "/.well-known/openid-configuration": ("it did not answer",) * 3,
        "/oauth2/token": ("it did not answer", _HOLDS, _HOLDS),
        "/jwks": ("it did not answer",) * 3,
    }
    for step, ends in steps.items():
        for lie, how in zip((_down, _broken, _garbled), ends, strict=True):
            there.between.lie = None
            there.forget()
            path = hands.agrees(hands.begins().headers["Location"], sub)
            there.between.lie = lambda asked, status, told, step=step, lie=lie: (
                lie(asked, status, told) if asked == step else (status, told)
            )
            _ended(there, hands, hands.at(path), 502, how)
    there.between.lie = None
    there.forget()
    assert hands.returns(sub).status_code == 302  # and afterwards all is well


def test_a_slow_service_is_not_waited_for(there: Houses, hands: Hands) -> None:
    done = threading.Event()

    def slow(path: str, status: int, told: bytes) -> tuple[int, bytes]:
        done.wait(300)
        return status, told

    there.between.lie = slow
    _ended(there, hands, hands.begins(), 502, "it did not answer")  # it still has not
    done.set()


@pytest.mark.parametrize("head", [False, True], ids=["the answer", "its head, too"])
def test_a_service_that_drips_is_not_waited_for(head: bool, there: Houses, hands: Hands) -> None:
    """A byte a second is never silence, and would take half an hour."""

    def drip(path: str, status: int, told: bytes) -> tuple[int, bytes]:
        raise Dripping(1, head=head)

    there.between.lie = drip
    _ended(there, hands, hands.begins(), 502, "it did not answer")  # and whoever asks waits for a minute


def test_a_service_that_does_not_stop_talking_is_not_listened_to(there: Houses, hands: Hands) -> None:
    def talk(path: str, status: int, told: bytes) -> tuple[int, bytes]:
        return status, told[:-1] + b" " * (1 << 20) + told[-1:]

    there.between.lie = talk
    _ended(there, hands, hands.begins(), 502, "it did not answer")


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"token_endpoint": "http://another.example/token"},
        {"token_endpoint": None},
        {"token_endpoint": ""},
        {"jwks_uri": "https://[broken/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://another.example/authorize"},
    ],
    ids=str,
)
def test_a_description_that_leads_elsewhere_is_not_followed(
    described: dict[str, Any], there: Houses, hands: Hands
) -> None:
    there.between.lie = swapped("/.well-known/openid-configuration", **described)
    _ended(there, hands, hands.begins(), 502, _HOLDS)


def test_no_redirect_of_the_service_is_followed(there: Houses, hands: Hands) -> None:
    there.between.lie = lambda path, status, told: (302, b"")
    asked = len(there.between.asked)
    answer = hands.begins()
    assert answer.status_code == 502
    assert len(there.between.asked) == asked + 1


def test_the_answer_of_another_service_is_not_taken(there: Houses, hands: Hands) -> None:
    """A service that names itself in its answer (RFC 9207) must be the one that was asked."""
    sub = there.linked("sub-reviewer", "reviewer")
    path = hands.agrees(hands.begins().headers["Location"], sub)
    _ended(there, hands, hands.at(f"{path}&iss=https://another.example"), 502, _HOLDS)
    assert hands.at(f"{path}&iss={there.between.address}").status_code == 302


def test_an_account_that_starts_anew_is_known_to_no_service(there: Houses, hands: Hands) -> None:
    """Else whoever the service takes for them could add a second factor before they do."""
    there.linked("sub-counsel", "counsel")
    _finished(hands, hands.returns("sub-counsel"))
    assert ("sub-counsel", f"counsel@{there.domain}") in there.links()
    there.invited_again("counsel")
    assert ("sub-counsel", f"counsel@{there.domain}") not in there.links()
    there.forget()
    _ended(there, hands, hands.returns("sub-counsel"), 403, "no account")


def test_too_many_attempts_are_slowed_down(there: Houses, hands: Hands) -> None:
    answers = [hands.begins().status_code for _number in range(35)]
    assert set(answers) == {302, 429}
    assert there.lines()[0][0] == "too-many"


def test_no_page_of_the_library_has_an_address(there: Houses, hands: Hands) -> None:
    """Nothing is begun by a link, connected, or asked for with words of a visitor."""
    assert hands.at("/openid/ours/").status_code == 405
    for path in ("/openid/other/back/", "/openid/openid_connect/back/", "/openid/ours/back/x/"):
        assert hands.at(path).status_code == 404
    for path in ("", "signup/", "login/cancelled/", "login/error/", "connections/", "social/"):
        assert hands.at(f"/openid/{path}").status_code in (404, 405)
    begun = hands.begins("?process=connect&scope=admin&auth_params=prompt%3Dnone", next="//evil.example/")
    asked = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert asked["scope"] == ["openid"]
    assert "prompt" not in asked
    there.linked("sub-delegate", "delegate")
    answer = hands.at(hands.agrees(begun.headers["Location"], "sub-delegate"))
    assert "evil" not in answer.headers["Location"]
    bare = hands.post(f"{there.desk}/openid/ours/", data={}, allow_redirects=False, timeout=60)
    assert bare.status_code == 403  # a form without its secret


# ---- signing out (OpenID Connect RP-Initiated Logout 1.0) ----


def _in_by_service(there: Houses, hands: Hands, person: str, sub: str) -> None:
    there.forget()  # a code serves once
    there.linked(sub, person)
    _finished(hands, hands.returns(sub))


def _leaves(there: Houses, hands: Hands) -> Any:
    answer = hands.sends("/sign-out/")
    assert answer.status_code == 302
    assert hands.at("/").headers["Location"].startswith("/sign-in/"), "it is over here in any case"
    assert there.lines()[0][0] == "signed-out"
    return answer


def _sessions(there: Houses) -> list[str]:
    with closing(sqlite3.connect(there.home / "accounts.sqlite", timeout=20)) as database:
        return [each for (each,) in database.execute("SELECT session_data FROM django_session")]


def test_who_came_through_the_service_is_led_there_to_sign_out_and_back(
    there: Houses, visitor: Visitor
) -> None:
    """In a real browser, at the real service: the button, its page, and our sign-in page again."""
    there.linked("sub-second", "second")
    visitor.go("/sign-in/")
    _through(visitor, "sub-second")
    visitor.page.get_by_label("Code").fill(code_of(SECRET))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"{there.desk}/**")
    visitor.go("/sign-out/")
    assert "You came through Our service. You are led there next" in visitor.page.locator("main").inner_text()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.wait_for_url(f"{there.between.address}/oauth2/end_session?**")
    asked = there.between.words("/oauth2/end_session")
    assert asked["post_logout_redirect_uri"] == f"{there.desk}/openid/ours/out/"
    assert len(asked["state"]) == 32
    said = jwt.decode(asked["id_token_hint"], options={"verify_signature": False})
    assert said["sub"] == "sub-second"
    assert said["aud"] in (asked["client_id"], [asked["client_id"]])
    visitor.page.get_by_role("button", name="End session").click()
    visitor.page.wait_for_url(f"{there.desk}/sign-in/")
    assert "You are signed out at Our service too." in visitor.page.inner_text("body")
    assert there.lines()[0][0] == "signed-out"


def test_the_id_token_lies_in_the_sealed_session_and_goes_with_it(there: Houses, hands: Hands) -> None:
    _in_by_service(there, hands, "second", "sub-second")
    token = parse_qs(urlsplit(_leaves(there, hands).headers["Location"]).query)["id_token_hint"][0]
    with Hands(there) as again:
        _in_by_service(there, again, "second", "sub-second")
        kept = _sessions(there)
        assert kept
        assert all(each.startswith("gAAAA") for each in kept), "sealed"
        everything = b"".join(each.read_bytes() for each in there.home.glob("accounts.sqlite*"))
        for part in token.split(".")[:2]:  # the next token begins alike
            assert part.encode()[:40] not in everything
        before = len(_sessions(there))
        _leaves(there, again)
        assert len(_sessions(there)) <= before, "its row is gone; what waits for the way back is another"
        assert again.at("/sign-out/").headers["Location"].startswith("/sign-in/")


def test_sessions_that_ended_without_a_sign_out_are_cleared_at_the_next_sign_in(
    there: Houses, hands: Hands
) -> None:
    _in_by_service(there, hands, "second", "sub-second")
    with closing(sqlite3.connect(there.home / "accounts.sqlite", timeout=20)) as database:
        database.execute("UPDATE django_session SET expire_date = '2020-01-01 00:00:00'")
        database.commit()
    old = set(_sessions(there))
    with Hands(there) as other:
        _signed_in(there, other, "intake")
        assert old.isdisjoint(_sessions(there))


def test_a_service_that_says_no_way_to_sign_out_is_named_and_the_desk_ends_all_the_same(
    there: Houses, hands: Hands
) -> None:
    there.between.lie = swapped("/.well-known/openid-configuration", end_session_endpoint=None)
    _in_by_service(there, hands, "second", "sub-second")
    assert "says no way to sign out there" in hands.at("/sign-out/").text
    assert _leaves(there, hands).headers["Location"] == "/sign-in/"
    assert "Our service says no way to sign out there." in hands.at("/sign-in/").text


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/out",
        "javascript:alert(1)",
        "http://localhost/out",
        "//elsewhere.example",
        "",
        7,
    ],
)
def test_nobody_is_led_to_another_origin_than_the_services_own(
    there: Houses, hands: Hands, address: object
) -> None:
    there.between.lie = swapped("/.well-known/openid-configuration", end_session_endpoint=address)
    _in_by_service(there, hands, "second", "sub-second")
    assert _leaves(there, hands).headers["Location"] == "/sign-in/"


def test_who_signed_in_otherwise_is_not_led_there(there: Houses, hands: Hands) -> None:
    _signed_in(there, hands, "intake")
    assert "Our service" not in hands.at("/sign-out/").text
    assert _leaves(there, hands).headers["Location"] == "/sign-in/"
    # Nor somebody who went half the way through the service, and in by their password then.
    there.linked("sub-second", "second")
    with Hands(there) as other:
        assert other.returns("sub-second").status_code == 302
        there.waited_too_long(other.cookies["habeas"])
        assert "came through" in there.remembered(other.cookies["habeas"])
        _signed_in(there, other, "intake")
        assert "came through" not in there.remembered(other.cookies["habeas"])
        assert _leaves(there, other).headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("query", ["", "?state=", "?state=another", "?state=%00"])
def test_an_answer_to_no_sign_out_of_this_browser_says_and_ends_nothing(
    there: Houses, hands: Hands, query: str
) -> None:
    _signed_in(there, hands, "intake")
    before = there.lines()
    assert hands.at(f"/openid/ours/out/{query}").headers["Location"] == "/sign-in/"
    assert hands.at("/").status_code == 200, "still signed in"
    assert there.lines() == before
    with Hands(there) as other:
        _in_by_service(there, other, "second", "sub-second")
        _leaves(there, other)
        other.at(f"/openid/ours/out/{query}")
        assert "too." not in other.at("/sign-in/").text
    assert hands.at("/openid/nobody/out/").status_code == 404
