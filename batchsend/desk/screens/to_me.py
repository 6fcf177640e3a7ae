"""One to me first: a single real letter, of one row's text, to whoever sends them all."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import field, number
from batchsend.desk.keys import missing_keys
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.view import go_to, page
from batchsend.errors import BatchsendError
from batchsend.language import N_, _
from batchsend.operations.target import Target
from batchsend.operations.to_me import letter_to_me, send_to_me

ME: Keys = ("send", "me")
_FIELDS = (
    ("Name", N_("Your name")),
    ("Address1", N_("Your street")),
    ("PostCode", N_("Your postcode")),
    ("City", N_("Your town")),
)


def me_fields() -> list[tuple[str, str]]:
    """What is asked of whoever gets it: the request's name, and what a person calls it."""
    return [(name, _(title)) for name, title in _FIELDS]


def _sent(request: Request) -> Response:
    """Keep the address for next time, and send the letter of the row."""
    if missing_keys(mailing_at(request)):
        return go_to(request, path_at(request), "send?to=real")
    values: dict[Keys, object] = {
        (*ME, name): field(request, name) for name, _title in _FIELDS if field(request, name)
    }
    mailing = change(path_at(request), values)
    if mailing.send.me is not None and not mailing.send.me.CountryCode:
        mailing = change(path_at(request), {(*ME, "CountryCode"): mailing.checks.country})
    try:
        letter = letter_to_me(mailing, Target.api(mailing), number(field(request, "row")))
        outcome = send_to_me(letter)
    except BatchsendError as error:
        return page(
            request, "send_stopped.html", mailing=mailing, status=422, error=error, real=True
        )
    return page(request, "to_me.html", mailing=mailing, letter=letter, outcome=outcome)


routes = [Route("/mailing/{mailing:path}/send/to-me", _sent, methods=["POST"])]
