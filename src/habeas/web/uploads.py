"""Files come in by a page, a custodian's or those of a requester: sealed piece by piece while they are read,
whatever their length.

Django's own handlers hold a file in memory or write it plainly to a temporary folder; neither is done here. A
piece goes from the connection into the sealed form of the case and nowhere else. What is not laid ready in
the end (a refusal, a form without its secret, a connection that breaks off) is taken away again.

The order matters: who sends it is known before anything is read (`habeas.web.door`); reading the form to
find its secret seals what comes with it; then the secret is looked at, and only then does the page act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.core.signing import BadSignature, Signer
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from habeas.app import enclosing, releasing
from habeas.desk.moves import Act
from habeas.errors import Refused
from habeas.store import Coming

if TYPE_CHECKING:
    from habeas.app.installation import Installation
    from habeas.web.door import Viewer

PIECE = 1 << 20  # bytes read from the connection at a time
MOST = 50  # files at once; a form has one for each item
TAKES_ALONG = (Act.ATTACH, "type_in", "type_answer", "type_accept-narrowing")
"""The pages that take files which came along with a request."""


class Sealed(UploadedFile):  # type: ignore[type-arg]  # generic in its stubs only
    """A file that was sealed as it came, or why it was not."""

    def __init__(self, name: str, field: str, coming: Coming | Refused) -> None:
        size = coming.size if isinstance(coming, Coming) else 0
        super().__init__(file=None, name=name, size=size)
        self.field_name = field
        self._coming = coming

    def close(self) -> None:
        """There is nothing open here: whoever began the file ends it."""

    def taken(self) -> Coming:
        """Raises Refused where it could not be sealed."""
        if isinstance(self._coming, Refused):
            raise self._coming
        return self._coming


class Handler(FileUploadHandler):
    """Seals what comes into the case of the page. begin: starts a file, or refuses to."""

    chunk_size = PIECE

    def __init__(self, begin: Callable[[], Coming]) -> None:
        super().__init__()
        self._begin = begin
        self._all: list[Coming] = []
        self._current: Coming | Refused | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if len(self._all) >= MOST:
            raise SkipFile
        try:
            coming = self._begin()
            self._all.append(coming)
            self._current = coming
        except Refused as refused:
            self._current = refused

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if isinstance(self._current, Coming):
            try:
                self._current.write(raw_data)
            except Refused as refused:  # said when the page looks for the file; the rest is read past
                self._current = refused

    def file_complete(self, file_size: int) -> Sealed | None:
        coming, self._current = self._current, None
        return Sealed(self.file_name or "", self.field_name or "", coming) if coming is not None else None

    def discard(self) -> None:
        """Takes away whatever was not kept."""
        for each in self._all:
            each.discard()


def sealed(view: Callable[..., HttpResponseBase], begin: Begin) -> Callable[..., HttpResponseBase]:
    """The view, with files sealed as they come, and its form's secret asked for here."""
    trusted: Callable[..., HttpResponseBase] = csrf_protect(view)

    @wraps(view)
    def taking(request: Any, **named: str) -> HttpResponseBase:
        if request.method != "POST":
            return trusted(request, **named)
        handler = Handler(lambda: begin(_installation(), request.viewer, named))
        request.upload_handlers = [handler]
        try:
            return trusted(request, **named)
        finally:
            handler.discard()

    return taking


def _installation() -> Installation:
    return cast("Installation", settings.HABEAS_INSTALLATION)


# ---- where a file goes -----------------------------------------------------------------------------------

Begin = Callable[["Installation", "Viewer", Mapping[str, str]], Coming]
"""Begins a file that somebody sends to a page; the last are the names in the page's address."""


def prepared(app: Installation, viewer: Viewer, named: Mapping[str, str]) -> Coming:
    """A custodian's file for a case."""
    return releasing.coming(app, viewer.organisation, named["case"], viewer.person.id)


def along(act: Act) -> Begin:
    """A file that came along with what `act` records of a case."""

    def begin(app: Installation, viewer: Viewer, named: Mapping[str, str]) -> Coming:
        return enclosing.coming(app, viewer.organisation, named["case"], viewer.person.id, act)

    return begin


def apart(app: Installation, viewer: Viewer, named: Mapping[str, str]) -> Coming:
    """A file for a request that is still to be typed."""
    case = opened(viewer, named["place"])
    if app.store.head(viewer.organisation, case) is not None:
        raise Refused("this request was taken in already", place="files", hint="keep the file in its case")
    return enclosing.apart(app, viewer.organisation, viewer.person.id, case)


def place(viewer: Viewer, case: str) -> str:
    """The word in the address of a form whose files lie apart, for a case of that id: no other person's form
    leads there, and no other id than one that was made up here."""
    return _signer(viewer).sign(case)


def opened(viewer: Viewer, place: str) -> str:
    """The id behind such a word. Raises Refused for any other."""
    try:
        return _signer(viewer).unsign(place)
    except BadSignature:
        raise Refused("this form is not yours, or too old", place="files", hint="begin a new one") from None


def _signer(viewer: Viewer) -> Signer:
    return Signer(salt=f"habeas.apart/{viewer.organisation}/{viewer.person.id}")
