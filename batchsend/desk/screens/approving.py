"""Approve: a second person looks at what is to be sent, and says that it may."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import field
from batchsend.desk.view import busy, page
from batchsend.desk.work import work_of
from batchsend.language import _
from batchsend.operations.approve import approve


def _approve(request: Request, done: str = "", said: str = "") -> Response:
    mailing = mailing_at(request)
    found = work_of(request).to_approve(mailing)
    if found is None:
        return busy(request, mailing, _("What is to be approved is being counted …"))
    return page(
        request,
        "approve.html",
        mailing=mailing,
        status=422 if said else 200,
        found=found,
        facts=found.facts.written(),
        done=done,
        said=said,
    )


def _approved(request: Request) -> Response:
    """Approve what the page showed, and nothing that has come in its place."""
    found = work_of(request).to_approve(mailing_at(request))
    if found is None:
        return _approve(request)
    if field(request, "facts") != found.facts.written().strip():
        return _approve(request, said=_("Something has changed since this page was shown."))
    return _approve(request, done=approve(found))


routes = [
    Route("/mailing/{mailing:path}/approve", _approve),
    Route("/mailing/{mailing:path}/approve/given", _approved, methods=["POST"]),
]
