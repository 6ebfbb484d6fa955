"""Every page says who may see it, and keeps to that."""

from __future__ import annotations

from tests.web.house import House


def test_smoke(house: House) -> None:
    case = house.assessed()
    c = house.client("reviewer")
    for path in (
        "/",
        f"/cases/{case.id}/",
        f"/cases/{case.id}/review/",
        "/account/",
        "/absence/",
        "/account/sessions/",
        "/account/proofs/",
        "/account/password/",
    ):
        answer = c.get(path)

        assert answer.status_code == 200, path
