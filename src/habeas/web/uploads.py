"""A custodian's files come in by a page: sealed piece by piece while they are read, whatever their length.

Django's own handlers hold a file in memory or write it plainly to a temporary folder; neither is done here. A
piece goes from the connection into the sealed form of the case and nowhere else. What is not laid ready in
the end (a refusal, a form without its secret, a connection that breaks off) is taken away again.

The order matters: who sends it is known before anything is read (`habeas.web.door`); reading the form to
find its secret seals what comes with it; then the secret is looked at, and only then does the page act.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_protect

from habeas.app import releasing
from habeas.errors import Refused
from habeas.store import Coming

if TYPE_CHECKING:
    from habeas.app.installation import Installation

PIECE = 1 << 20  # bytes read from the connection at a time
MOST = 50  # files at once; a form has one for each item


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


def sealed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view of a case, with files sealed as they come, and its form's secret asked for here."""
    trusted: Callable[..., HttpResponseBase] = csrf_protect(view)

    @wraps(view)
    def taking(request: Any, case: str, **named: Any) -> HttpResponseBase:
        if request.method != "POST":
            return trusted(request, case, **named)
        viewer = request.viewer
        found = cast("Installation", settings.HABEAS_INSTALLATION)
        handler = Handler(lambda: releasing.coming(found, viewer.organisation, case, viewer.person.id))
        request.upload_handlers = [handler]
        try:
            return trusted(request, case, **named)
        finally:
            handler.discard()

    return taking
