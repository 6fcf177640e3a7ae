"""`[page]` of mailing.toml: what printers and mailboxes take, by channel.

The limits come from public guides of Nordic printers and mailboxes, named beside each; none is
confirmed by the letter API itself, so each can be set. Lengths are millimetres from the top left
corner of the page.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from batchsend.settings import Section

Severity = Literal["off", "warn", "hold"]
"""What a broken rule does: nothing, a warning, or the letter is held back."""
Millimetres = Annotated[float, Field(ge=0, le=2000)]


class Area(Section):
    """A rectangle on the page."""

    left: Millimetres
    top: Millimetres
    width: Millimetres
    height: Millimetres


class Severities(Section):
    """What each rule does when a letter breaks it.

    What a printer's own validator refuses holds the letter back; what is a matter of layout warns.
    """

    paper: Severity = "hold"
    """Every page is A4, at most 10 mm smaller, upright or turned anticlockwise."""
    pages: Severity = "hold"
    """No more pages than `max_pages`."""
    size: Severity = "hold"
    """No more than `max_kilobytes` and `max_request_kilobytes`."""
    version: Severity = "hold"
    """PDF 1.0 to `max_version`."""
    encryption: Severity = "hold"
    """Not encrypted."""
    fonts: Severity = "hold"
    """Every font is embedded."""
    window: Severity = "warn"
    """The recipient's name and address within `window`, and nothing else."""
    address: Severity = "warn"
    """The address block as sorting machines read it: 10 to 12 points, no blank lines inside, the
    postcode and town on its last line."""
    clear: Severity = "warn"
    """Nothing within `clear` of the window."""
    body: Severity = "warn"
    """The text of the letter starts at `body_from` or lower."""
    margin: Severity = "warn"
    """Nothing to the left of `left_margin`."""
    barcode: Severity = "warn"
    """Nothing in `barcode`, where the inserting machine's marks go."""
    recipient: Severity = "warn"
    """A ready-made letter names its recipient, postcode, CustomerNo or Reference, if its text can
    be read at all. What does not may be somebody else's."""


class PageRules(Section):
    """The limits of a channel that has none of its own but being a readable A4 document."""

    max_pages: Annotated[int, Field(ge=1)] | None = None
    max_kilobytes: Annotated[float, Field(gt=0)] | None = None
    """Of the PDF, in 1000 bytes."""
    max_request_kilobytes: Annotated[float, Field(gt=0)] | None = None
    """Of the finished request, the PDF in base64 included."""
    max_version: str = "1.7"
    window: Area | None = None
    clear: Millimetres = 0
    body_from: Millimetres | None = None
    left_margin: Millimetres | None = None
    barcode: Area | None = None
    rules: Severities = Severities()
    """`rules.margin = "off"`, `"warn"` or `"hold"`."""


class PrintSeverities(Severities):
    """On paper a letter in the wrong hands cannot be called back."""

    recipient: Severity = "hold"
    """A ready-made letter names its recipient, postcode, CustomerNo or Reference, if its text can
    be read at all. What does not may be somebody else's. In the other channels it is `warn`."""


class PrintRules(PageRules):
    """Printed on paper and put into a C5 window envelope."""

    max_pages: Annotated[int, Field(ge=1)] | None = 14
    """Seven sheets, printed on both sides (Digipost)."""
    window: Area | None = Area(left=15, top=44, width=105, height=35)
    """Norwegian envelope guides (officeconsult.no, grafiskdigital.no)."""
    clear: Millimetres = 10
    """The same guides."""
    body_from: Millimetres | None = 70
    """grafiskdigital.no"""
    left_margin: Millimetres | None = 18
    """digdir.no, print and enveloping service."""
    barcode: Area | None = Area(left=0, top=95, width=15, height=80)
    """Digipost's print page and public printability validator."""
    rules: PrintSeverities = PrintSeverities()
    """`rules.margin = "off"`, `"warn"` or `"hold"`."""


class KivraRules(PageRules):
    """Shown in a mailbox on a screen."""

    max_kilobytes: Annotated[float, Field(gt=0)] | None = 740
    """What leaves room for the rest of the request."""
    max_request_kilobytes: Annotated[float, Field(gt=0)] | None = 1000
    """Kivra takes 1 MB of JSON for one recipient."""


class PageSettings(Section):
    """The limits of each channel; another channel has those of EMAIL."""

    PRINT: PrintRules = PrintRules()
    DIGIPOST: PageRules = PageRules()
    KIVRA: KivraRules = KivraRules()
    EMAIL: PageRules = PageRules()

    def for_channel(self, channel: str) -> PageRules:
        """The limits of that channel."""
        found = getattr(self, channel, None) if channel in type(self).model_fields else None
        return found if isinstance(found, PageRules) else self.EMAIL

    def only_warning(self) -> PageSettings:
        """The same limits, none of which holds a letter back."""
        changed = {}
        for channel, rules in self:
            softened = {rule: "warn" for rule, does in rules.rules if does == "hold"}
            severities = rules.rules.model_copy(update=softened)
            changed[channel] = rules.model_copy(update={"rules": severities})
        return self.model_copy(update=changed)
