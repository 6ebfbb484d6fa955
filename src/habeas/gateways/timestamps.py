"""Time-stamps: a third party's word that some bytes existed at a moment (RFC 3161).

What is stamped is the signature of a package's statement, so that nobody has to believe the house's clock.
The bytes themselves never go out, only their SHA-256. `stamp` asks the authority that the house named over
https; `read` verifies an answer against roots and needs no network, so that anybody can do it again later.
"""

from __future__ import annotations

import ssl
from datetime import datetime
from http.client import HTTPException, IncompleteRead
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import msgspec
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from habeas.desk.stamping import Stamping, certificates
from habeas.errors import Refused

LARGEST_ANSWER = 64 << 10  # bytes; a real answer with its certificates has about 5,000
_QUERY = "application/timestamp-query"  # RFC 3161 section 3.4
_REPLY = "application/timestamp-reply"


class Timestamp(msgspec.Struct, frozen=True, kw_only=True):
    """A verified answer. at: by the authority's clock. answer: the DER bytes, to be kept and shown."""

    at: datetime
    policy: str
    serial: int
    answer: bytes


def ask(data: bytes) -> TimeStampRequest:
    """What to send for a stamp over these bytes: their SHA-256, a fresh nonce, certificates wanted."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def read(
    answer: bytes, data: bytes, *, roots: str, chain: str = "", asked: TimeStampRequest | None = None
) -> Timestamp:
    """The time-stamp in this answer, if it is over these bytes and leads to one of the roots; else Refused.

    roots: PEM certificates that are trusted for this. chain: those in between, if the answer lacks them.
    asked: the request it answers, whose nonce it must repeat; None to read a kept answer again.
    Certificates count as they stood at the time of the stamp. Revocation is not looked up.
    """
    trusted = certificates(roots, "roots")
    if not trusted:
        raise Refused("no root is configured to check a time-stamp against", place="roots")
    verifier = VerifierBuilder(
        roots=trusted,
        intermediates=certificates(chain, "chain"),
        nonce=None if asked is None else asked.nonce,
    ).build()
    try:
        response = decode_timestamp_response(answer)
        verifier.verify_message(response, data)
        stamp = response.tst_info
    except (VerificationError, ValueError) as error:
        raise Refused(
            "this is no time-stamp of these bytes by an authority we trust", hint=str(error)
        ) from None
    return Timestamp(
        at=stamp.gen_time, policy=stamp.policy.dotted_string, serial=stamp.serial_number, answer=answer
    )


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None  # the answer then counts as an error: the house asks whom it configured and nobody else


def stamp(data: bytes, authority: Stamping, *, tls: ssl.SSLContext | None = None) -> Timestamp:
    """Ask the authority for a time-stamp over these bytes, and verify its answer.

    Refused where it does not answer within its `wait`, or not well. tls: whom to trust as a server, otherwise
    what the machine trusts.
    """
    authority.check()
    asked = ask(data)
    query = Request(authority.url, data=asked.as_bytes(), headers={"Content-Type": _QUERY, "Accept": _REPLY})
    context = tls or ssl.create_default_context()
    ends = monotonic() + authority.wait
    try:
        with build_opener(_NoRedirect, HTTPSHandler(context=context)).open(
            query, timeout=authority.wait
        ) as reply:
            kind = reply.headers.get_content_type()
            answer = _read(reply, ends)
    except HTTPError as error:
        error.close()
        raise Refused(f"the time-stamp authority answered with {error.code}", place=authority.url) from None
    except (OSError, HTTPException) as error:  # no route, no name, no trust, too late, or broken off
        raise Refused(
            "the time-stamp authority did not answer", place=authority.url, hint=f"try later: {error}"
        ) from None
    if kind != _REPLY or len(answer) > LARGEST_ANSWER:
        raise Refused("the time-stamp authority sent something else", place=authority.url)
    return read(answer, data, roots=authority.roots, chain=authority.chain, asked=asked)


def _read(reply: Any, ends: float) -> bytes:
    """The body, up to one byte too many. A server that sends it drop by drop is as good as silent."""
    answer = b""
    while len(answer) <= LARGEST_ANSWER and (piece := reply.read1(LARGEST_ANSWER + 1 - len(answer))):
        answer += piece
        if monotonic() > ends:
            raise TimeoutError("it took too long")
    if reply.length and len(answer) <= LARGEST_ANSWER:  # read1 does not say that the rest never came
        raise IncompleteRead(answer, reply.length)
    return answer
