"""More of the desk's own words: for what seldom goes wrong, or only where files were edited.

As in words.py, which has them with its own.
"""

from __future__ import annotations

from batchsend.language import N_

MORE_WORDS = {
    "Set as many `headings` under [list] as there are columns.": N_(
        "Choose the row of the headings at “Your list”."
    ),
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
    "[[list.exclude]] match: {place}: {why_not}.": N_(
        "The list of those who get no letter cannot be compared with yours: {why_not}."
    ),
    "list.group_by: {why_not}.": N_("The rows cannot be put together into letters: {why_not}."),
    "fill_down = [{names}] under [list]": N_("the cell of the row above"),
    "list.fill_down: the list has more than one column “{name}”.": N_(
        "Empty cells of the column “{name}” are to be filled from the row above, and the list "
        "has more than one such column."
    ),
    "list.fill_down: the list has no column “{name}”; did you mean “{meant}”?": N_(
        "Empty cells of the column “{name}” are to be filled from the row above, and the list "
        "has no such column. Did you mean “{meant}”?"
    ),
    "list.fill_down: the list has no column “{name}”.": N_(
        "Empty cells of the column “{name}” are to be filled from the row above, and the list "
        "has no such column."
    ),
    "Take the setting period out of mailing.toml to go by the list, or rename the column.": N_(
        "Rename the column in your list."
    ),
    "Use what was corrected in it: {command}\nThen send the mailing without --list.": N_(
        "Drop it at “Check”, which takes what was corrected in it."
    ),
    "Put it in its place, or take it out of mailing.toml.": N_("Put the file back in its place."),
    "Save it as a file, and name that under [list].": N_(
        "Save the list as a file, and drop that at “Next month”."
    ),
    "Use them: batchsend correct {path}\nIf they are not to count, move {name} to another "
    "folder.": N_(
        "Drop {name} at “Check” to use them. If they are not to count, move it to another folder."
    ),
    "Use what was corrected in it with `batchsend correct MAILING FILE` and remove it, or name "
    "another file.": N_("Drop it at “Check”, which takes what was corrected in it."),
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
    "Name the list with --list.": N_("Drop the list at “Next month”."),
    "[[send.fallback]] needs the list in a file: standard input can be read only once.": N_(
        "Refused letters can go another way only where the list is a file."
    ),
    "Write it to a file, and name that with --list.": N_(
        "Save the list as a file, and drop that at “Next month”."
    ),
    "[[send.fallback]] sends refused letters by {channel}, and they cannot go by it: {message}": N_(
        "Refused letters are to go by {channel}, and they cannot: {message}"
    ),
    "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going on, or was "
    "broken off. What it sent is not known here: run `batchsend report` there first.": N_(
        "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going on, or "
        "was broken off. What it sent is not known here: look at that mailing's receipt first."
    ),
    "The answer to {number} of the letters could not be noted: {named}. The next run finds "
    "them in doubt, and `batchsend settle` lists them.": N_(
        "The answer to {number} of the letters could not be noted: {named}. The next run finds "
        "them in doubt, and “The receipt” lists them."
    ),
    "Name one of them with --period.": N_("Choose one of them at “Next month”."),
    "If the ledger lies elsewhere, name it with --ledger. If the mailing was moved without its "
    "ledger, or its file renamed, undo that.": N_(
        "If the mailing's folder was moved without all of its files, or its file renamed, undo "
        "that."
    ),
    "Runs to {other} are not in this report; batchsend report --run shows them one by one.": N_(
        "What was sent to {other} is not in this receipt."
    ),
    "The checked list of run {number} is gone, by batchsend purge or by hand: of its letters "
    "there is only what the ledger keeps, without the list’s columns.": N_(
        "The list of run {number} has been tidied away: its letters are listed without the "
        "columns of the list."
    ),
    "The checked list of run {number} is gone, by `batchsend purge` or by hand, or on another "
    "machine (the run was {process}).": N_(
        "The list of run {number} has been tidied away, or is on another machine (the run was "
        "{process})."
    ),
    "The checked list of run {number} is gone, by `batchsend purge` or by hand.": N_(
        "The list of run {number} has been tidied away."
    ),
    "What the ledger still knows of it: {table}\nSending again writes a whole report, and nothing "
    "that was accepted goes again.": N_(
        "Go to “Send” again: what was accepted is not sent again, and the receipt is written again."
    ),
    "--base-url says": N_("the address says"),
    "mailing.toml says": N_("this mailing says"),
    "[send.me] is missing, which says who gets the letter.": N_(
        "It is not known yet who gets the letter."
    ),
    "The address window of the letter does not show [send.me]: {named} is missing there. "
    "Nothing was sent.": N_(
        "The address window of the letter does not show your own address: {named} is missing "
        "there. Nothing was sent."
    ),
    "Write it into mailing.toml with your own Name, Address1, PostCode and City.": N_(
        "Fill in your own name and address at “Send”, under “One to me first”."
    ),
    "Let the template make the address of letter.Invoicee, as {{ letter.Invoicee.Name }}, and "
    "not of the list's columns.": N_(
        "Put the field “Recipient's name” into the letter's address, at “The letter”, in place "
        "of a column of the list."
    ),
    "[send] approval needs a ledger in PostgreSQL on this system, where the owner of a file "
    "cannot be known.": N_(
        "Another person's approval needs a shared database on this system, where the owner of "
        "a file cannot be known."
    ),
    "Keep the ledger in a database: [ledger] url.": N_(
        "Ask whoever looks after the machine for a shared database."
    ),
    "Check the credentials and the base_url, then send again: nothing is lost.": N_(
        "Check the keys and the address of the provider, then send again: nothing is lost."
    ),
    "Check the base_url, and whether a proxy or a login page on the way answers in the API's "
    "place.": N_(
        "Check the address of the provider, and whether a login page on the way answers in its "
        "place."
    ),
    "Check the base_url and the network, then send again: nothing is lost.": N_(
        "Check the address of the provider and the network, then send again: nothing is lost."
    ),
    "Waiting until {opening:%Y-%m-%d %H:%M}, as [send] says.": N_(
        "Waiting until {opening:%Y-%m-%d %H:%M}, the hour that is set for this mailing."
    ),
    "{total:,.2f} {currency} by the prices in mailing.toml.": N_(
        "{total:,.2f} {currency} by the prices that are set for this mailing."
    ),
    "Close it there, or name another file; `batchsend report` writes it again.": N_(
        "Close it there; “Write the files again” on the receipt writes it again."
    ),
    "Make room; `batchsend report` writes it again.": N_(
        "Make room; “Write the files again” on the receipt writes it again."
    ),
    "`batchsend report` writes it again.": N_(
        "“Write the files again” on the receipt writes it again."
    ),
    "[document]: {file}, which comes after this letter alone: {missing}": N_(
        "{file}, which comes after this letter alone: {missing}"
    ),
    "[document]: {file}, which comes after this letter and one more: it names the other letter's "
    "recipient, and not this one's.": N_(
        "{file}, which comes after this letter and one more: it names the other letter's "
        "recipient, and not this one's."
    ),
    "Its letters seem to be Greek, Cyrillic or Asian. Export the list in UTF-8, or set `encoding` "
    'under [list], such as "cp1253" or "cp1251".': N_(
        "Its letters seem to be Greek, Cyrillic or Asian. Export the list in UTF-8, or as an "
        "Excel workbook."
    ),
    "Export the list again, in UTF-8. Or set `encoding` under [list], and all of it is read in "
    "that.": N_("Export the list again, in UTF-8 or as an Excel workbook."),
    "Name the list of the period {period} with --list. If it is this one all the same, name this "
    "one.": N_("Drop the list of the period {period} at “Next month”."),
    "[send] approval is not set in {path}, so nobody asks for an approval: anyone can send the "
    "mailing, {by} among them.": N_(
        "This mailing asks for no approval: anyone can send it, {by} among them."
    ),
    "{reason} But before it was left out, its letter may have been taken in run {run}: ask the "
    "provider, then settle it with batchsend settle.": N_(
        "{reason} But before it was left out, its letter may have been taken in run {run}: ask the "
        "provider, then settle it on the receipt."
    ),
    "{earlier} What it said is forgotten, by batchsend purge --identifier, so nobody can tell "
    "whether it is this one. This one was not sent.": N_(
        "{earlier} What it said is forgotten, so nobody can tell whether it is this one. This one "
        "was not sent."
    ),
    "{place}: {said}": N_("A column is missing: {said}"),
    "The list's columns are: {columns}": N_(
        "Choose another column at “Who gets it”, or another field at “The letter”."
    ),
    "payload.Letter.{path} = “{text}”: {said}": N_("“{text}”, which every letter has: {said}"),
    'Let the identifier use the period: under [payload.Letter], Identifier = "{{ period }}-…" '
    "and a column that is different in every row.": N_(
        "Choose the period again at “Next month”, so that each letter is another one than before."
    ),
}
