"""Sign-in through a house's own service: a real one, a real desk told of it, and everything that can go wrong
between the two. It opens an account that is set up, with our second factor, and never makes one."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.browser import CHROMIUM, MISSING, Visitor, chromium, code_of
from tests.web.house import SECRET
from tests.web.service import Hands, Houses, Silent, houses, swapped

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


def test_somebody_known_signs_in_with_a_second_factor_of_ours(there: Houses, visitor: Visitor) -> None:
    there.verified("sub-auditor", "auditor")
    visitor.go("/sign-in/?next=/access/")
    _through(visitor, "sub-auditor")
    assert "signed-in" not in [kind for kind, _how, _person in there.lines()]
    assert not [each for each in there.links() if each[0] == "sub-auditor"]  # not before the second factor
    visitor.page.get_by_label("Code").fill(code_of(SECRET))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(f"{there.desk}/access/")
    assert visitor.heading() == "Access record"
    assert visitor.page.get_by_role("link", name="People").count()
    assert not visitor.page.get_by_role("link", name="Take in").count()  # an auditor's roles, no more
    assert ("sub-auditor", f"auditor@{there.domain}") in there.links()
    assert there.lines()[:2] == [
        ("linked", "sign-in service", "auditor"),
        ("signed-in", "sign-in service and authenticator", "auditor"),
    ]

    asked = there.between.words("/oauth2/authorize")
    told = there.between.words("/oauth2/token")
    assert asked["response_type"] == "code"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == "S256"
    digest = hashlib.sha256(told["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 32


def test_the_second_time_it_is_the_sub_that_counts(there: Houses, hands: Hands) -> None:
    """An address that went to somebody else opens nothing, and a new address shuts nobody out."""
    there.verified("sub-second", "second")
    _finished(hands, hands.returns("sub-second"))
    there.person("sub-second", email="a-new-name@elsewhere.example", email_verified=True)
    there.verified("sub-heir", "second")
    with Hands(there) as again, Hands(there) as heir:
        there.forget()
        _finished(again, again.returns("sub-second"))
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
        timeout=30,
    )
    assert done.status_code == 302, done.text
    assert hands.at("/").status_code == 200


def test_a_stranger_is_refused_in_plain_words_and_learns_nothing(there: Houses, visitor: Visitor) -> None:
    there.verified("sub-stranger", "nobody")
    there.verified("sub-custodian", "custodian")  # invited, and without a second factor yet
    there.verified("sub-expert", "expert")  # ended
    there.person("sub-vague", email=f"counsel@{there.domain}", email_verified=False)
    there.person("sub-words", email=f"counsel@{there.domain}", email_verified="true")
    there.person("sub-elsewhere", email="counsel@elsewhere.example", email_verified=True)
    there.person("sub-nothing")
    there.person("sub-kelvin", email=f"inta\u212ae@{there.domain}", email_verified=True)  # not the letter k
    pages = set()
    for sub in ("stranger", "custodian", "expert", "vague", "words", "elsewhere", "nothing", "kelvin"):
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
    assert not {each[0] for each in there.links()} & {"sub-stranger", "sub-custodian", "sub-expert"}


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
    sub = there.verified("sub-reviewer", "reviewer")
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
    sub = there.verified("sub-reviewer", "reviewer")
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
    sub = there.verified("sub-reviewer", "reviewer")
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
    theirs = hands.post(f"{there.between.address}/oauth2/token", data=asked, timeout=10).json()["id_token"]
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


def test_what_a_service_says_of_two_people_is_about_nobody(there: Houses, hands: Hands) -> None:
    """The address is asked for beside the token, and must be about the same `sub`."""
    there.person("sub-plain")
    there.between.lie = swapped(
        "/userinfo", sub="sub-other", email=f"counsel@{there.domain}", email_verified=True
    )
    _ended(there, hands, hands.returns("sub-plain"), 502, _HOLDS)
    there.forget()
    there.between.lie = swapped(
        "/userinfo", sub="sub-plain", email=f"counsel@{there.domain}", email_verified=True
    )
    assert hands.returns("sub-plain").status_code == 302


def _down(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    raise Silent


def _broken(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    return 503, b"<h1>down</h1>"


def _garbled(path: str, status: int, told: bytes) -> tuple[int, bytes]:
    return 200, b"<h1>welcome</h1>"


def test_a_service_that_is_down_opens_nothing_at_any_step(there: Houses, hands: Hands) -> None:
    sub = there.verified("sub-reviewer", "reviewer")
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
    import time

    def slow(path: str, status: int, told: bytes) -> tuple[int, bytes]:
        time.sleep(7)
        return status, told

    there.between.lie = slow
    began = time.monotonic()
    _ended(there, hands, hands.begins(), 502, "it did not answer")
    assert time.monotonic() - began < 6.9


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
        {"userinfo_endpoint": 17},
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
    sub = there.verified("sub-reviewer", "reviewer")
    path = hands.agrees(hands.begins().headers["Location"], sub)
    _ended(there, hands, hands.at(f"{path}&iss=https://another.example"), 502, _HOLDS)
    assert hands.at(f"{path}&iss={there.between.address}").status_code == 302


def test_an_account_that_starts_anew_is_known_to_no_service(there: Houses, hands: Hands) -> None:
    """Else whoever the service takes for them could add a second factor before they do."""
    there.verified("sub-counsel", "counsel")
    _finished(hands, hands.returns("sub-counsel"))
    assert ("sub-counsel", f"counsel@{there.domain}") in there.links()
    there.invited_again("counsel")
    assert ("sub-counsel", f"counsel@{there.domain}") not in there.links()
    there.forget()
    _ended(there, hands, hands.returns("sub-counsel"), 403, "no account", "counsel")


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
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    there.verified("sub-delegate", "delegate")
    answer = hands.at(hands.agrees(begun.headers["Location"], "sub-delegate"))
    assert "evil" not in answer.headers["Location"]
    bare = hands.post(f"{there.desk}/openid/ours/", data={}, allow_redirects=False, timeout=10)
    assert bare.status_code == 403  # a form without its secret
