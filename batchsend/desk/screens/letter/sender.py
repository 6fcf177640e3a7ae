"""Who sends the letter, and the logo: kept with the mailing, and for the next one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image, UnidentifiedImageError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import Folder, folder_of, mailing_at
from batchsend.desk.forms import field
from batchsend.desk.screens.letter.file import write
from batchsend.desk.screens.letter.gallery import letter_path
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.view import address, go_to, page
from batchsend.errors import BatchsendError, SettingsError
from batchsend.language import N_, _
from batchsend.mailing import Mailing
from batchsend.register import data_folder
from batchsend.rendering.images import MAX_PIXELS, is_whole, pixels
from batchsend.scratch import ScratchFolder
from batchsend.starter import LOGO, looks
from batchsend.web import TooLargeError, save_upload

LOGO_MOST = 5 * 1024 * 1024
LARGEST_SVG = 300_000
WIDEST = 900
"""Pixels: a logo 75 mm wide at 300 dots an inch."""
FIELDS = (
    ("Name", N_("Name"), "organization"),
    ("Address1", N_("Street and number"), "street-address"),
    ("PostCode", N_("Postcode"), "postal-code"),
    ("City", N_("Town"), "address-level2"),
    ("CountryCode", N_("Country, two letters"), "country"),
    ("CompanyRegNo", N_("Organisation number"), "off"),
    ("Phone", N_("Telephone"), "tel"),
    ("Email", N_("E-mail"), "email"),
    ("WebAddress", N_("Web page"), "url"),
)
NEEDED = ("Name", "Address1", "PostCode", "City", "CountryCode")


@dataclass(frozen=True, slots=True)
class SenderForm:
    """What the page asks of the sender."""

    fields: list[tuple[str, str, str, str, bool]]
    """Name, title, the browser's word for it, value, whether it is needed."""
    is_missing: bool
    is_remembered: bool
    """Whether what is shown is that of the last mailing, and not saved with this one."""
    own_logo: bool
    kept_logo: bool


def sender_form(mailing: Mailing) -> SenderForm:
    """The sender as the mailing has it, or else as the last one had it."""
    sender = mailing.payload.Letter.Invoicer
    missing = not sender.Name.strip()
    kept = remembered() if missing else {}
    return SenderForm(
        [
            (name, _(title), auto, kept.get(name, getattr(sender, name)), name in NEEDED)
            for name, title, auto in FIELDS
        ],
        missing,
        bool(kept),
        _has_own_logo(mailing),
        _kept_logo().is_file(),
    )


def remembered() -> dict[str, str]:
    """The sender of the last mailing on this machine; nothing where there was none."""
    try:
        told = json.loads((_kept() / "sender.json").read_bytes())
        return {name: str(told[name]) for name, _title, _auto in FIELDS if name in told}
    except (OSError, ValueError, TypeError, RuntimeError):
        return {}


def must_have_sender(mailing: Mailing) -> None:
    """Raise SettingsError, in plain words, where the letters have no sender."""
    if not mailing.payload.Letter.Invoicer.Name.strip():
        raise SettingsError(
            _("Nobody stands on the letter as its sender."),
            hint=_("Go to the letter and say who sends it."),
        )


async def _save(request: Request) -> Response:
    mailing = mailing_at(request)
    given = {name: " ".join(field(request, name).split()) for name, _title, _auto in FIELDS}
    given["CountryCode"] = given["CountryCode"].upper()
    if wrong := list(_wrong(given)):
        return page(
            request, "problem.html", mailing=mailing, status=422, said=" ".join(wrong), hint=None
        )
    before = mailing.payload.Letter.Invoicer
    values: dict[Keys, object] = {
        ("payload", "Letter", "Invoicer", name): text
        for name, text in given.items()
        if text or getattr(before, name)
    }
    await run_in_threadpool(change, mailing.path, values)
    await run_in_threadpool(_remember, "sender.json", json.dumps(given).encode())
    return go_to(request, mailing, "letter")


def _wrong(given: dict[str, str]) -> Iterator[str]:
    titles = {name: _(title) for name, title, _auto in FIELDS}
    for name in NEEDED:
        if not given[name]:
            yield _("“{field}” is empty, and every letter needs it.", field=titles[name])
    if any("{{" in text or "{%" in text for text in given.values()):
        yield _("The sender is the same in every letter: no field can stand in it.")


async def _logo(request: Request) -> Response:
    mailing = mailing_at(request)
    with ScratchFolder() as private:
        try:
            await save_upload(request, private / "logo", most=LOGO_MOST)
            data = (private / "logo").read_bytes()
            svg = await run_in_threadpool(logo_of, data)
        except TooLargeError:
            said = _("This picture is too large. Save it smaller: 900 pixels across are enough.")
            return JSONResponse({"said": said}, 422)
        except BatchsendError as error:
            return JSONResponse({"said": str(error).replace("\n", " ")}, 422)
    _put(mailing, folder_of(request), svg)
    await run_in_threadpool(_remember, LOGO, svg)
    return JSONResponse({"go": address(request, mailing, "letter")})


async def _use_kept(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        svg = _kept_logo().read_bytes()
    except OSError:
        raise SettingsError(_("There is no logo of an earlier mailing.")) from None
    _put(mailing, folder_of(request), svg)
    return go_to(request, mailing, "letter")


def logo_of(data: bytes) -> bytes:
    """A dropped picture as the letterhead's logo.svg. Raises SettingsError where it is none.

    A picture in dots is read and written again, so that nothing is left of the file but its dots.
    """
    if data.lstrip()[:200].lower().find(b"<svg") >= 0 or data.lstrip().startswith(b"<?xml"):
        return _drawing(data)
    size = pixels(data) if is_whole(data) else None
    if size is None:
        raise SettingsError(
            _("This is not a picture that can be printed, or it is cut short."),
            hint=_("Take a PNG, JPEG or SVG file."),
        )
    if size > MAX_PIXELS:
        raise SettingsError(
            _("This picture has too many dots. Save it smaller: 900 pixels across are enough.")
        )
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP")) as opened:
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
        raise SettingsError(
            _("This is not a picture that can be printed, or it is cut short."),
            hint=_("Take a PNG, JPEG or SVG file."),
        ) from None
    picture.thumbnail((WIDEST, WIDEST))
    file = io.BytesIO()
    picture.save(file, "PNG")
    width, height = picture.size
    dots = base64.b64encode(file.getvalue()).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/png;base64,{dots}"/></svg>\n'
    ).encode()


def _drawing(data: bytes) -> bytes:
    """An SVG without scripts and without anything from elsewhere."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or etree.QName(root).localname != "svg" or len(data) > LARGEST_SVG:
        raise SettingsError(
            _("This drawing cannot be read, or is too large for a logo."),
            hint=_("Take a PNG, JPEG or SVG file."),
        )
    for each in list(root.iter()):
        if not isinstance(each.tag, str):
            _drop(each)
            continue
        if etree.QName(each).localname in {"script", "foreignObject", "animate", "set", "handler"}:
            _drop(each)
            continue
        for name, value in list(each.attrib.items()):
            local = etree.QName(name).localname
            far = local == "href" and not value.strip().startswith(("#", "data:image/"))
            if local.lower().startswith("on") or far:
                del each.attrib[name]
    return bytes(etree.tostring(root))


def _drop(each: etree._Element) -> None:
    parent = each.getparent()
    if parent is not None:
        parent.remove(each)


def _has_own_logo(mailing: Mailing) -> bool:
    path = mailing.template.path if mailing.template else None
    if not isinstance(path, Path):
        return True
    logo = (mailing.folder / path).parent / LOGO
    return logo.is_file() and logo.read_bytes() != looks(LOGO)


def _put(mailing: Mailing, folder: Folder, svg: bytes) -> None:
    """Put it beside the letter, where that lies within the desk's folder."""
    path = mailing.template.path if mailing.template else None
    place = (mailing.folder / path).resolve().parent if isinstance(path, Path) else None
    if place is None or not place.is_relative_to(folder.root):
        place = letter_path(mailing, folder).parent
    write(place / LOGO, svg)


def _kept() -> Path:
    return data_folder() / "desk"


def _kept_logo() -> Path:
    return _kept() / LOGO


def _remember(name: str, data: bytes) -> None:
    """Keep something for the next mailing, where only its owner can read it."""
    place = _kept() / name
    write(place, data)
    place.chmod(0o600)


routes = [
    Route("/mailing/{mailing:path}/letter/sender", _save, methods=["POST"]),
    Route("/mailing/{mailing:path}/letter/logo", _logo, methods=["POST"]),
    Route("/mailing/{mailing:path}/letter/logo/kept", _use_kept, methods=["POST"]),
]
