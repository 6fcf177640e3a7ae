"""Excel workbooks since 2007, .xlsx and .xlsm: zipped XML as in ECMA-376.

Read as a stream, so that the largest sheet needs no more memory than its shared strings.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from batchsend.lists.workbooks.archive import Archive, damaged, local, new_parser
from batchsend.lists.workbooks.number_formats import BUILT_IN, Formatter, formatter, number_text
from batchsend.lists.workbooks.sheets import Sheet, SheetEntry
from batchsend.lists.workbooks.xlsx_sheet import XlsxSheet, rich_text, unescaped

_PLAIN_ITEM = re.compile(r"<si>\s*<t(?: [^>]*)?>([^<]*)</t>\s*")
_PLAIN_ITEMS = re.compile(r"<si><t(?: [^>]*)?>([^<]*)</t></si>")
_EMPTY_ITEM = re.compile(r"<si(?:\s[^>]*)?/>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class XlsxBook:
    """An .xlsx or .xlsm workbook."""

    def __init__(self, path: Path) -> None:
        self._archive = Archive(path)
        self._workbook = self._archive.related("", "officeDocument", "xl/workbook.xml")
        self._parts: dict[str, str] = {}
        self.sheets: list[SheetEntry] = []
        self._from_1904 = self._unreckoned = False
        self._read_workbook()

    def open(self, name: str) -> Sheet:
        """The sheet of that name."""
        return XlsxSheet(
            self._archive,
            self._parts[name],
            _shared_strings(self._archive, self._sibling("sharedStrings")),
            _formats(self._archive, self._sibling("styles"), from_1904=self._from_1904),
            unreckoned=self._unreckoned,
        )

    def _read_workbook(self) -> None:
        targets = self._archive.relationships(self._workbook)
        within: list[str] = []
        listed = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal listed
            name = local(tag)
            # Extensions below `extLst` have elements of the same names that mean other things.
            match (*within, name):
                case (_, "workbookPr"):
                    self._from_1904 = attributes.get("date1904") in ("1", "true")
                case (_, "calcPr"):  # Excel reckons all when it opens the file, and takes this off
                    self._unreckoned = attributes.get("fullCalcOnLoad") in ("1", "true")
                case (_, "sheets", "sheet"):
                    listed = True
                    key = next((v for k, v in attributes.items() if local(k) == "id"), "")
                    # Chart sheets and macro sheets are listed here too.
                    if key in targets and targets[key].kind == "worksheet":
                        title = attributes.get("name", "")
                        visible = attributes.get("state", "visible") == "visible"
                        self.sheets.append(SheetEntry(title, visible))
                        self._parts[title] = targets[key].part
            within.append(name)

        parser = new_parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda _: within.pop()
        parser.Parse(self._archive.read(self._workbook), True)
        if listed and not targets:
            raise damaged(self._archive.path)

    def _sibling(self, kind: str) -> str:
        """The part of that kind that the workbook refers to, or that lies beside it; or ""."""
        return self._archive.related(self._workbook, kind, f"{kind}.xml")


def _shared_strings(archive: Archive, part: str) -> list[str]:
    """The texts that cells refer to by number."""
    strings: list[str] = []
    if not part or part not in archive:
        return strings
    for text in archive.texts(part, "</si>"):
        if len(plain := _PLAIN_ITEMS.findall(text)) == text.count("<si") and "<!" not in text:
            awkward = any(mark in text for mark in ("&", "_x", "\r"))
            strings += map(_as_typed, plain) if awkward else plain
            continue
        *items, rest = (_COMMENT.sub("", text) if "<!--" in text else text).split("</si>")
        for item in items:
            start = item.rfind("<si")
            strings.extend("" for _ in _EMPTY_ITEM.finditer(item, 0, start))
            found = _PLAIN_ITEM.fullmatch(item, start)
            if found and "<!" not in item:
                strings.append(_as_typed(found[1]))
            else:
                strings.append(rich_text(item[start:] + "</si>"))
        strings.extend("" for _ in _EMPTY_ITEM.finditer(rest))
    return strings


def _as_typed(string: str) -> str:
    """A text without markup inside."""
    return unescaped(html.unescape(string) if "&" in string else string)


def _formats(archive: Archive, part: str, *, from_1904: bool) -> list[Formatter | None]:
    """The formatter of each cell style; None where the number is written plainly."""
    if not part or part not in archive:
        return []
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match local(tag):
            case "numFmt":
                codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
            case "cellXfs":
                inside = True
            case "xf" if inside:
                styles.append(int(attributes.get("numFmtId", 0)))

    def end(tag: str) -> None:
        nonlocal inside
        if local(tag) == "cellXfs":
            inside = False

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(archive.read(part), True)
    made: dict[int, Formatter | None] = {}
    for style in styles:
        if style not in made:
            code = codes.get(style, BUILT_IN.get(style, ""))
            shown = formatter(code, from_1904=from_1904)
            made[style] = None if shown is number_text else shown
    return [made[style] for style in styles]
