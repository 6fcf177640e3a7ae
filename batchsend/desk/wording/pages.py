"""What the desk says of the letter's page: its template, Word, and the PDF it becomes."""

from __future__ import annotations

from batchsend.language import N_

PAGES = {
    "[document] {expression}: {message}": N_("{message}"),
    "[document]: {expression}: {message}": N_("{message}"),
    "[document]: {message}": N_("{message}"),
    "rendering took longer than {timeout:g} seconds and was ended. Look for a loop without an end "
    "or a very large image, or raise [template] timeout.": N_(
        "making the page took longer than {timeout:g} seconds and was ended. Look for a very "
        "large picture in the letter."
    ),
    'Put the right PDF there; or, where it need not name anybody, set recipient = "warn" under '
    "[page.{channel}.rules].": N_("Put the right PDF there."),
    "Write the letter as letter.html: `batchsend init LIST` makes one to begin with. A PDF "
    "that is the letter as it stands is named by [document] pdf.": N_(
        "Choose a letter to begin with at “The letter”."
    ),
    "[document] max_pages is the limit.": N_("More are not allowed in this mailing."),
    "[document] append: a letter with other documents after it is no longer {standard}; its "
    "own pages keep their tags.": N_(
        "A letter with other documents after it is no longer {standard}; its own pages keep "
        "their tags."
    ),
    "There is neither a [template] path nor a [document] pdf.": N_(
        "This mailing has no letter yet."
    ),
    "[template] path has no template for LanguageID {language}.": N_(
        "There is no letter in the language {language}."
    ),
    "Make the letter in HTML: batchsend letter-from turns this one into it.": N_(
        "Drop it at “The letter”, which turns it into a letter that is written here."
    ),
    "Open the letter's document in Word, look for what is unusual in it, and save it again; or "
    "raise [template] timeout.": N_(
        "Open the letter's document in Word, look for what is unusual in it, and save it again."
    ),
    "Try it by hand: soffice --headless --convert-to pdf LETTER.docx": N_(
        "Ask whoever looks after the machine whether LibreOffice works."
    ),
    "Install LibreOffice (libreoffice.org), or turn the letter into HTML once: `batchsend "
    "letter-from FILE.docx`.": N_(
        "Install LibreOffice (libreoffice.org), or drop the letter at “The letter”, which "
        "turns it into a letter that is written here."
    ),
    "A value that is to be shown as it is goes through no filter `safe`, and a qr_code is for "
    "HTML letters.": N_(
        "Word letters have no QR codes. Write the letter at “The letter” to have one."
    ),
    "{letter} is still as `batchsend init` made it, with no letter in it.": N_(
        "The letter has not been written yet."
    ),
    "Write your letter there. To rehearse it as it is, add --sandbox.": N_(
        "Write it at “The letter”."
    ),
    "Put what is needed of it into the letter; then, or where it is not missed, write "
    'left_behind = "not needed" under [template]. To rehearse it as it is, add --sandbox.': N_(
        "Put what is needed of it into the letter, at “The letter”."
    ),
    "{place}: {said}": N_("A column is missing: {said}"),
}
