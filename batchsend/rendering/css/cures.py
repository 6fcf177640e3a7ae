"""What to write instead of CSS and HTML that an engine does not do: a sentence for each."""

from __future__ import annotations

from batchsend.language import N_

DEFAULT = N_("The letter goes without it: look at the preview.")
"""Where nothing else does the same."""

_FLEX = N_("Write “display: flex” or a table instead.")
_ONE_COLOUR = N_("Write one colour, or use a picture.")
_PICTURE = N_("Use a picture that looks so already.")
_HEX = N_("Write the colour as #rrggbb.")
_LENGTH = N_("Write one length, and min-width or max-width beside it.")
_TRANSFORM = N_("Write “transform” with the same in brackets, as “transform: rotate(3deg)”.")
_RUNNING = N_("Write “position: running(name)” and “content: element(name)” instead.")
_BY_NAME = N_("Name the section, not its page.")
_NOTE = N_("Put the note below its paragraph.")
_ALIKE = N_("Give all pages the same size and margins.")
_RULES = N_("Write its rules without it.")
_TOGETHER = N_("Write “break-inside: avoid” on the paragraph.")
_CAPITALS = N_("Write capital letters in a smaller size.")
_IMG = N_("Write <img> instead.")
_CUT = N_("Shorten the text with the filter truncate.")

CURES = {
    "display: grid": _FLEX,
    "display: inline-grid": _FLEX,
    "display: contents": _FLEX,
    "display: flow-root": N_("Write “overflow: hidden” instead."),
    "align-content: center": N_("Write “justify-content: center” in a column instead."),
    "aspect-ratio": N_("Write both width and height."),
    "text-overflow": _CUT,
    "line-clamp": _CUT,
    "max-lines": _CUT,
    "text-shadow": _PICTURE,
    "box-shadow": N_("Write a border instead."),
    "text-decoration-thickness": N_("Write a border-bottom instead."),
    "text-underline-offset": N_("Write a border-bottom instead."),
    "text-wrap: nowrap": N_("Write “white-space: nowrap” instead."),
    "writing-mode": N_("Write “transform: rotate(-90deg)” instead."),
    "hyphens: auto": N_("Write &shy; where a long word may break."),
    "hyphens: none": N_("Take &shy; out of the text instead."),
    "font-variant: small-caps": _CAPITALS,
    "font-variant-caps: small-caps": _CAPITALS,
    "font-variant-caps: all-small-caps": _CAPITALS,
    "linear-gradient()": _ONE_COLOUR,
    "repeating-linear-gradient()": _ONE_COLOUR,
    "radial-gradient()": _ONE_COLOUR,
    "conic-gradient()": _ONE_COLOUR,
    "border-image": _PICTURE,
    "filter": _PICTURE,
    "background-blend-mode": _PICTURE,
    "mix-blend-mode": _PICTURE,
    "clip-path": _PICTURE,
    "mask": _PICTURE,
    "mask-image": _PICTURE,
    "rotate": _TRANSFORM,
    "scale": _TRANSFORM,
    "translate": _TRANSFORM,
    "calc(%)": N_("Write the length itself, in mm."),
    "min()": _LENGTH,
    "max()": _LENGTH,
    "clamp()": _LENGTH,
    "round()": _LENGTH,
    "env()": N_("Write the value itself."),
    "1q": N_("Write the length in mm."),
    "lab()": _HEX,
    "lch()": _HEX,
    "oklab()": _HEX,
    "oklch()": _HEX,
    "color()": _HEX,
    "color-mix()": _HEX,
    "light-dark()": _HEX,
    "device-cmyk()": _HEX,
    "fit-content": N_("Write “display: table” instead."),
    "unset": N_("Write the value itself."),
    "revert": N_("Write the value itself."),
    "all": N_("Write each property that is meant."),
    "image-set()": N_("Write url() instead."),
    "::first-line": N_("Put the words into a <span> and style that."),
    "nested rules": N_("Write each rule by itself, with its whole selector."),
    "@supports": _RULES,
    "@layer": _RULES,
    "@container": _RULES,
    "@scope": _RULES,
    "@media (min-width)": _RULES,
    "@property": N_("Write the variable under :root."),
    "@page :first { margin }": N_(
        "The margins go on to all pages: give <main> a padding-top, and place the letterhead with "
        "“position: absolute”."
    ),
    "@page :right": _ALIKE,
    "@page :blank": _ALIKE,
    "page": _ALIKE,
    "string-set": _RUNNING,
    "content()": _RUNNING,
    "target-counter()": _BY_NAME,
    "target-text()": _BY_NAME,
    "float: footnote": _NOTE,
    "@footnote": _NOTE,
    "break-after: avoid": N_(
        "It is kept on headings (h1 to h6); elsewhere put both into a <div> with “break-inside: "
        "avoid”."
    ),
    "break-before: avoid": N_(
        "It is kept on rows with a class, as “tr.sum”; elsewhere put both into a <div> with "
        "“break-inside: avoid”."
    ),
    "orphans": _TOGETHER,
    "widows": _TOGETHER,
    "top: -1mm": N_(
        "What stands above the page's margin is not printed: make the margin smaller, or use "
        "@top-left."
    ),
    "<object>": _IMG,
    "<embed>": _IMG,
    "<canvas>": _IMG,
    "<iframe>": N_("Put its text into the letter."),
    "<script>": N_("Nothing in a letter is run: write the value, or an expression in {{ }}."),
    "<math>": _IMG,
    "<progress>": N_("Write a <div> with a width and a background."),
    "<meter>": N_("Write a <div> with a width and a background."),
}
"""By feature, as `support.csv` writes it."""
