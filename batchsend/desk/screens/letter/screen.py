"""Screen 4, the letter: its text, edited in the page, and what it is saved as."""

from __future__ import annotations

import json

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.editing import LetterSource, NotADocumentError
from batchsend.desk.folder import folder_of, mailing_at
from batchsend.desk.screens.letter.asked import read_json, refusal, text_of
from batchsend.desk.screens.letter.file import LetterFile, save
from batchsend.desk.screens.letter.gallery import choices
from batchsend.desk.screens.letter.page import live_of
from batchsend.desk.screens.letter.printed import Printed, as_printed, is_word
from batchsend.desk.screens.letter.sender import LOGO_MOST, sender_form
from batchsend.desk.screens.letter.word import KINDS, WORD_MOST
from batchsend.desk.view import address, busy, page
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.operations.looking.letter_troubles import in_desk_words
from batchsend.starter import begun_letters
from batchsend.web import content_policy

EDITOR_POLICY = {"trusted-types": "ProseMirrorClipboard"}


def _letter(request: Request) -> Response:
    mailing = mailing_at(request)
    wrong, fresh, as_text = "", False, False
    data: dict[str, object] = {}
    keys: tuple[str, ...] = ()
    key = ""
    printed: Printed | None = None
    try:
        letter = LetterFile.of(mailing, folder_of(request), request.query_params.get("of", ""))
    except BatchsendError as error:
        wrong = in_desk_words(error, mailing)
        if is_word(mailing):
            printed = as_printed(request, mailing)
            if printed is None:
                return busy(request, mailing, _("The letters are being made ready …"))
    else:
        doc = LetterSource.read(letter.text).document()
        keys, key = letter.keys, letter.key
        fresh, as_text = letter.text.encode() in begun_letters().values(), doc is None
        data = {
            "base": letter.text,
            "known": letter.digest,
            "key": letter.key,
            "doc": doc,
            "words": _words(),
        }
    answer = page(
        request,
        "letter.html",
        mailing=mailing,
        wrong=wrong,
        printed=printed,
        data=json.dumps(data, ensure_ascii=False) if data else "",
        is_text=as_text,
        where=address(request, mailing, "letter"),
        keys=keys,
        key=key,
        gallery=choices(),
        sender=sender_form(mailing),
        logo_most=LOGO_MOST,
        word_most=WORD_MOST,
        word_kinds=",".join(KINDS),
        is_fresh=fresh,
    )
    if not wrong:
        answer.background = BackgroundTask(live_of(request).of(mailing).warm, mailing)
    # What is pasted goes through the editor's own policy, into a document in which nothing runs.
    answer.headers["content-security-policy"] = content_policy(EDITOR_POLICY)
    return answer


async def _save(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        asked = await read_json(request)
        letter = LetterFile.of(mailing, folder_of(request), str(asked.get("key", "")))
        known = await run_in_threadpool(save, letter, text_of(asked), str(asked.get("known", "")))
    except (NotADocumentError, ValueError, RecursionError):
        return refusal(_("This letter cannot be saved. Open the page again."), 400)
    except BatchsendError as error:
        return refusal(in_desk_words(error, mailing), 409)
    return JSONResponse({"known": known, "said": _("The letter is saved.")})


def _words() -> dict[str, str]:
    """What the editor says."""
    return {
        "letter": _("The letter's text"),
        "unsaved": _("Not saved yet"),
        "saving": _("The letter is being saved …"),
        "saved": _("The letter is saved."),
        "gone": _("The desk does not answer. Start it again."),
        "drawing": _("The page is being made …"),
        "page": _("Page {page} of {pages} of the letter to {name}"),
        "more": _("The letter has {pages} pages. Only the first are shown here."),
        "nothing": _("Nothing is wrong with this page."),
        "field": _("Field: {name}"),
        "unknown": _("Field: {name}. The list has no such column."),
        "put": _("Put the field {name} into the letter"),
        "first": _("{name}, the first"),
        "longest": _("{name}, the longest name"),
        "foreign": _("{name}, abroad"),
        "nobody": _("Nobody in the list is called so."),
        "link": _("The letter has changes that are not saved."),
        "column": _("choose a column"),
        "plain": _("as it stands in the list"),
    }


routes = [
    Route("/mailing/{mailing:path}/letter", _letter),
    Route("/mailing/{mailing:path}/letter/save", _save, methods=["POST"]),
]
