"""A dropped list becomes a mailing: a folder of its own below FOLDER, with the list in it."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import Folder, folder_of
from batchsend.desk.view import address, without_commands
from batchsend.errors import BatchsendError, SettingsError, in_short
from batchsend.language import _
from batchsend.lists import ListSettings
from batchsend.scratch import ScratchFolder
from batchsend.starter import start_mailing
from batchsend.web import TooLargeError, name_of_upload, save_upload

MOST = 300 * 1024 * 1024
"""Bytes of a list: a workbook of a million rows has a third of them."""


async def _dropped(request: Request) -> Response:
    folder, name = folder_of(request), name_of_upload(request)
    with ScratchFolder() as private:
        try:
            size = await save_upload(request, private / name, most=MOST)
            if name.startswith("~$") or not size:
                raise BatchsendError(
                    _("This is not the list itself: save and close it in Excel, and drop it again.")
                )
            made = await run_in_threadpool(_begin, folder, private / name)
        except TooLargeError:
            return too_large()
        except BatchsendError as error:
            return said(error.message, *without_commands(error.hint))
    return JSONResponse({"go": address(request, made, "list")})


def said(*sentences: str | None) -> Response:
    """Why a file is not taken."""
    return JSONResponse({"said": " ".join(filter(None, sentences))}, 422)


def too_large() -> Response:
    """The same of one that is too large: no more of it is read."""
    answer = said(_("This file is too large. Keep the list alone in a workbook of its own."))
    answer.headers["connection"] = "close"
    return answer


def _begin(folder: Folder, dropped: Path) -> Path:
    """Make the mailing; its mailing.toml. Nothing is left of one whose list cannot be read."""
    place = _free(folder.root, dropped.stem)
    try:
        place.mkdir(parents=True)
        kept = place / dropped.name
        shutil.copyfile(dropped, kept)
        return start_mailing(ListSettings(path=kept), place).mailing
    except OSError as error:
        raise SettingsError(
            _("{place} cannot be written: {reason}.", place=place, reason=in_short(error))
        ) from error
    except BatchsendError:
        shutil.rmtree(place)
        raise


def _free(root: Path, stem: str) -> Path:
    """A folder that is not there yet, called as the list is."""
    names = (stem if number == 1 else f"{stem} {number}" for number in count(1))
    return next(root / name for name in names if not (root / name).exists())


routes = [Route("/new", _dropped, methods=["POST"])]
