"""What the desk says of letters: their rows, as a check finds them, and the page they become."""

from __future__ import annotations

from batchsend.language import N_

LETTERS = {
    "The identifier has {length} characters; {most} are the most. Shorten it, or build Identifier "
    "from other columns.": N_(
        "What makes this letter its own has {length} characters; {most} are the most. Shorten it, "
        "or choose other columns for it at “Who gets it”."
    ),
    "A synthetic test number, which nobody has. In a rehearsal, let such numbers pass with "
    "synthetic_ids = true under [checks].": N_(
        "A test number, which nobody has. Write the person's own number here."
    ),
    "A telephone number, but not a mobile one. Take it out, or let letters go without it with "
    'blank = ["Mobile"] under [checks].': N_(
        "A telephone number, but not a mobile one. Write the mobile number, or empty the cell."
    ),
    "[template] path has no template for this LanguageID, only for: {listed}. Name one there, or "
    "write another language here.": N_(
        "There is no letter in this language, only in: {listed}. Write one of these here."
    ),
    "Empty, so it is not known which letter this row belongs to. Fill it in; or, where such rows "
    "belong to the letter above, have them filled from there: {filled_down}.": N_(
        "Empty, so it is not known which letter this row belongs to. Fill it in, with the text "
        "from the row above if it belongs to that letter."
    ),
    "The row below has nothing in {headings}. If it belongs to this letter, the letter says only a "
    "part: fill it in, or have it filled from here: {filled_down}.": N_(
        "The row below has nothing in {headings}. If it belongs to this letter, the letter says "
        "only a part: write the same text in the row below."
    ),
    "Empty, and row {letter}, which goes into the same letter, has it. Fill it in, or have it "
    "filled from there: {lit}.": N_(
        "Empty, and row {letter}, which goes into the same letter, has it. Fill it in."
    ),
    "Differs from row {letter}, which goes into the same letter; make them agree, or group by "
    "something else.": N_(
        "Differs from row {letter}, which goes into the same letter. Make them agree."
    ),
    "Rows {rows} have the same identifier, {identifier}. Delete the copy; or build Identifier from "
    "columns that tell them apart.": N_(
        "Rows {rows} would be the same letter, {identifier}. Delete the copy in your list; or, if "
        "they are different letters, choose at “Who gets it” a column that tells them apart."
    ),
    "Rows {rows} have the same identifier, {identifier}. Delete the copy; or set group_by = "
    "[{names}] under [list] to make one letter of these rows; or build Identifier from columns "
    "that tell them apart.": N_(
        "Rows {rows} would be the same letter, {identifier}. Choose at “Check” what is to become "
        "of them; or, if they are different letters, choose at “Who gets it” a column that tells "
        "them apart."
    ),
    "[document]: Rows {rows} have the same PDF, {files}. Give each its own; or, where it is meant "
    "for all of them, set shared = true under [document].": N_(
        "Rows {rows} have the same PDF, {files}. Give each its own."
    ),
    "Missing: a letter by {channel} needs it. Fill it in.": N_(
        "Missing, and this letter needs it. Fill it in."
    ),
    "No letter has {names}, and every letter needs it.": N_(
        "Something that every letter needs has no column yet."
    ),
    "No letter has {names}, and every letter by {channel} needs it.": N_(
        "Something that every letter of this kind needs has no column yet."
    ),
    "Give it in mailing.toml: {example}.": N_("Choose its column at “Who gets it”."),
    "payload.Letter.Identifier is the same in every letter.": N_(
        "What makes each letter its own is the same in every letter."
    ),
    "Build it from a column that differs, such as the customer number: Identifier = "
    '"rent-2026-11-{{ kundenr }}".': N_(
        "Choose a column that differs at “Who gets it”, such as the customer number."
    ),
    "Write {{{{ column }}}} with a column's name, or, if all of them share it, same = "
    '["{name}"] under [checks].': N_("Choose a column for it at “Who gets it”."),
    "payload.Letter.Identifier is made of {headings}, which holds national ids: identifiers "
    "are not masked in the ledger and in reports.": N_(
        "What makes each letter its own is made of {headings}, which holds national ids: it is "
        "not masked in receipts."
    ),
    "Build it from the customer number or another reference.": N_(
        "Choose the customer number or another reference for it at “Who gets it”."
    ),
    "[template] path has no template for LanguageID {constant}, which every letter has; it has "
    "one for: {listed}.": N_(
        "There is no letter in the language {constant}, which all of them are to be in; there "
        "is one in: {listed}."
    ),
    "list.group_by: {why_not}.": N_("The rows cannot be put together into letters: {why_not}."),
    "fill_down = [{names}] under [list]": N_("the cell of the row above"),
    "[document]: {file}, which comes after this letter alone: {missing}": N_(
        "{file}, which comes after this letter alone: {missing}"
    ),
    "[document]: {file}, which comes after this letter and one more: it names the other letter's "
    "recipient, and not this one's.": N_(
        "{file}, which comes after this letter and one more: it names the other letter's "
        "recipient, and not this one's."
    ),
    "The list's columns are: {columns}": N_(
        "Choose another column at “Who gets it”, or another field at “The letter”."
    ),
    "payload.Letter.{path} = “{text}”: {said}": N_("“{text}”, which every letter has: {said}"),
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
    "the page breaks the rules for {channel}: {held}.": N_("{held}"),
    "Change the template, or the limits in [page.{channel}].": N_(
        "Change the letter at “The letter”."
    ),
    "Change the PDF, or the limits in [page.{channel}].": N_("Put another PDF in its place."),
    "Make the PDF again as it should be, or change the limits in [page.{channel}].": N_(
        "Make the PDF again as it should be."
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
