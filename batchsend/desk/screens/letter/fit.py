"""A letter that was made for another list: its fields are given the columns of this one."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.editing import NotADocumentError
from batchsend.desk.editing.renaming import renamed
from batchsend.desk.folder import folder_of, mailing_at
from batchsend.desk.screens.letter.asked import read_json, refusal, text_of
from batchsend.desk.screens.letter.file import LetterFile, save
from batchsend.desk.screens.letter.page import live_of
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.operations.looking.letter_troubles import in_desk_words
from batchsend.starter import reference


async def _fit(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        asked = await read_json(request)
        text, names = text_of(asked), asked.get("names")
        if not isinstance(names, dict):
            raise ValueError("no names")
        letter = LetterFile.of(mailing, folder_of(request), str(asked.get("key", "")))
        columns = await run_in_threadpool(live_of(request).of(mailing).columns, mailing)
        called = {each.name: reference(each).strip("{} ") for each in columns if each.name}
        chosen = {old: called[new] for old, new in names.items() if new in called}
        text = renamed(text, chosen)
        known = await run_in_threadpool(save, letter, text, str(asked.get("known", "")))
    except (NotADocumentError, ValueError, TypeError, RecursionError):
        return refusal(_("This letter cannot be saved. Open the page again."), 400)
    except BatchsendError as error:
        return refusal(in_desk_words(error, mailing), 409)
    return JSONResponse({"known": known})


routes = [Route("/mailing/{mailing:path}/letter/fit", _fit, methods=["POST"])]
