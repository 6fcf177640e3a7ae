"""`[template]`, `[document]` and `[page]` of mailing.toml: what a letter is made from, and how; and
what printers and mailboxes take, by channel.

The limits come from public guides of Nordic printers and mailboxes, named beside each; none is
confirmed by the letter API itself, so each can be set. Lengths are millimetres from the
top left corner of the page. Knows nothing of what is in the templates.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from batchsend.rendering.pdf.boxes import Box
from batchsend.settings import Section

EngineName = Literal["plutoprint", "weasyprint", "libreoffice"]
Standard = Literal[
    "pdf/a-2b", "pdf/a-2u", "pdf/a-2a", "pdf/a-3b", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1"
]
"""For archives (A; those ending in `a` are tagged as well) and for screen readers (UA)."""


class TemplateSettings(Section):
    """Where the template is. All but `path` has a default that suits most letters."""

    path: Path | dict[str, Path]
    """The HTML file or Word document, from the mailing's folder; or one for each LanguageID:
    `{ NO = "…" }`."""
    engine: EngineName | None = None
    """What makes the PDF; otherwise PlutoPrint, or WeasyPrint where PlutoPrint has no wheel, and
    LibreOffice for a Word document."""
    standard: Standard | None = None
    """Make PDFs of this standard; WeasyPrint can, and LibreOffice some of them."""
    timeout: Annotated[float, Field(gt=0)] = 20
    """Seconds one letter may take to render before it is given up."""
    left_behind: Literal["not needed"] | None = None
    """Says that a letter turned from Word into HTML can do without what was left behind there:
    headers, footers and text boxes. Until then it is not sent."""


class DocumentSettings(Section):
    """Ready-made PDFs; all lie under the mailing's folder. Names may hold expressions."""

    pdf: str | None = None
    """The PDF that is the letter, in place of a template's: `"invoices/{{ kundenr }}.pdf"`. Where
    it comes out blank, the template makes the letter."""
    shared: bool = False
    """Whether letters may have one PDF even though its name is made from columns. Otherwise those
    that do are held back."""
    append: tuple[str, ...] = ()
    """PDFs that come after the letter, in this order; one that comes out blank is left out."""
    max_pages: Annotated[int, Field(ge=1)] = 100
    """Of each of these documents."""


Severity = Literal["off", "warn", "hold"]
"""What a broken rule does: nothing, a warning, or the letter is held back."""
Millimetres = Annotated[float, Field(ge=0, le=2000)]


class Area(Section):
    """A rectangle on the page."""

    left: Millimetres
    top: Millimetres
    width: Millimetres
    height: Millimetres

    @property
    def box(self) -> Box:
        """The same by its edges."""
        return Box(self.left, self.top, self.left + self.width, self.top + self.height)


class Severities(Section):
    """What each rule does when a letter breaks it.

    What a printer's own validator refuses holds the letter back; what is a matter of layout warns.
    """

    paper: Severity = "hold"
    """Every page is A4, at most 10 mm smaller, upright or landscape, before and after cropping."""
    pages: Severity = "hold"
    """No more pages than `max_pages`."""
    size: Severity = "hold"
    """No more than `max_kilobytes` and `max_request_kilobytes`."""
    version: Severity = "hold"
    """PDF 1.0 to `max_version`."""
    encryption: Severity = "hold"
    """Not encrypted."""
    fonts: Severity = "hold"
    """Every font is embedded, or is one of the standard ones."""
    standard_fonts: Severity = "warn"
    """The standard ones are embedded, too: Times, Courier, Helvetica, Arial, Symbol, ZapfDingbats.
    Digipost's printer has its own. Off where `fonts` is set to off."""
    shrunk: Severity = "hold"
    """Nothing is so wide that the engine prints everything smaller than 98 % to fit it in."""
    cut: Severity = "hold"
    """The foot of the page cuts through no line, nothing stands where nothing is printed, and no
    `overflow: hidden` cuts off a text, in letters made from a template."""
    overlap: Severity = "warn"
    """No text stands over another, in letters made from a template."""
    unseen: Severity = "warn"
    """No text is as white as the paper behind it, in letters made from a template."""
    edge: Severity = "warn"
    """No text runs off the page."""
    edge_drawings: Severity = "warn"
    """No picture runs off the page by more than a printer's bleed of 3.5 mm, and nothing that a
    template draws stands wholly beside it."""
    border: Severity = "warn"
    """No text within `border` of the edge."""
    addressee: Severity = "hold"
    """The recipient's name or a line of the address is in `window`, and the postcode not below it.
    Nothing is said of a page whose text cannot be read, such as a scan."""
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
    """No text in `barcode`, where the inserting machine's marks go."""
    barcode_drawings: Severity = "warn"
    """No lines or pictures there."""
    recipient: Severity = "warn"
    """A ready-made letter, and a PDF that comes after one letter alone, names its recipient,
    postcode, CustomerNo or Reference, if its text can be read at all. What does not may be somebody
    else's."""

    @model_validator(mode="before")
    @classmethod
    def _follow(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("fonts") == "off":
            return {"standard_fonts": "off", **given}
        return given


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
    border: Millimetres = 0
    barcode: Area | None = None
    rules: Severities = Severities()
    """`rules.margin = "off"`, `"warn"` or `"hold"`."""


class PrintSeverities(Severities):
    """On paper a letter in the wrong hands cannot be called back, nor can what is not printed be
    read."""

    barcode: Severity = "hold"
    """No text in `barcode`, where the inserting machine's marks go; Digipost refuses it."""
    edge: Severity = "hold"
    """No text runs off the page. In the other channels it is `warn`."""
    recipient: Severity = "hold"
    """A ready-made letter, and a PDF that comes after one letter alone, names its recipient,
    postcode, CustomerNo or Reference, if its text can be read at all. What does not may be somebody
    else's. In the other channels it is `warn`."""


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
    border: Millimetres = 5
    """GOV.UK Notify's letter check; office printers need 4 to 5 mm."""
    barcode: Area | None = Area(left=0, top=95, width=15, height=80)
    """Digipost's print page and public printability validator."""
    rules: PrintSeverities = PrintSeverities()
    """`rules.margin = "off"`, `"warn"` or `"hold"`."""


class DigipostSeverities(Severities):
    """Read on a screen: what Digipost's validator counts as fit for that goes, with a warning."""

    paper: Severity = "warn"
    """Every page is A4, at most 10 mm smaller, upright or landscape, before and after cropping."""
    version: Severity = "warn"
    """PDF 1.0 to `max_version`."""
    encryption: Severity = "warn"
    """Not encrypted. What needs a password to be read is held in any case."""


class DigipostRules(PageRules):
    """Shown in a mailbox on a screen."""

    rules: DigipostSeverities = DigipostSeverities()
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
    DIGIPOST: DigipostRules = DigipostRules()
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
