"""What the desk says where the command line names a setting, a file or a command.

Whoever sits here has buttons. A message is found by its sentence for the command line, and has its
places or fewer of them.
"""

from __future__ import annotations

from batchsend.desk.more_words import MORE_WORDS
from batchsend.language import N_

WORDS = {
    # Rows, at the check
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
        "Rows {rows} would be the same letter, {identifier}. Delete the copy in your list; or, if "
        "they are different letters, choose at “Who gets it” a column that tells them apart."
    ),
    "[document]: Rows {rows} have the same PDF, {files}. Give each its own; or, where it is meant "
    "for all of them, set shared = true under [document].": N_(
        "Rows {rows} have the same PDF, {files}. Give each its own."
    ),
    # The list as a whole
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
    "By skip under [list].": N_("Left out by what you chose at “Who gets it”."),
    "By skip under [list]: {said}.": N_("Left out by what you chose at “Who gets it”: {said}."),
    "So it is not known whether this row is to be left out: correct the cell, or skip.": N_(
        "So it is not known whether this row is to be left out: correct the cell."
    ),
    "See what skip and [[list.exclude]] in mailing.toml say.": N_(
        "See at “Who gets it” which rows are left out."
    ),
    "See that both lists write {columns} alike, and that it is the right file. Where it may be "
    "that nobody on it is in the list, set must_match = false under [[list.exclude]].": N_(
        "See that both lists write {columns} alike, and that it is the right file."
    ),
    'Hidden in the sheet. Set hidden = "read" under [list] to read it.': N_(
        "Hidden in the sheet. Take it in at “Your list” if it is a recipient."
    ),
    "Not read as a recipient: {where}. Set footer_rows = 0 under [list] to read all rows.": N_(
        "Not read as a recipient: {where}. Take it in at “Your list” if it is one."
    ),
    "{rows} {where} was not read as a recipient: “{cells}”. Set `footer_rows = 0` under [list] to "
    "read all rows.": N_(
        "{rows} {where} was not read as a recipient: “{cells}”. Take it in at “Your list” if it "
        "is one."
    ),
    "{rows} {where} were not read as recipients: “{cells}”. Set `footer_rows = 0` under [list] to "
    "read all rows.": N_(
        "{rows} {where} were not read as recipients: “{cells}”. Take them in at “Your list” if "
        "they are."
    ),
    "this row has a single cell; if it is no recipient, set footer_rows = {number} under [list]": (
        N_("this row has a single cell; if it is no recipient, leave it out at “Your list”")
    ),
    '{number:,} hidden or filtered-out row was left out: {rows}. Set `hidden = "read"` under '
    "[list] to read them.": N_(
        "{number:,} hidden or filtered-out row was left out: {rows}. Take it in at “Your list” if "
        "it is a recipient."
    ),
    '{number:,} hidden or filtered-out rows were left out: {rows}. Set `hidden = "read"` under '
    "[list] to read them.": N_(
        "{number:,} hidden or filtered-out rows were left out: {rows}. Take them in at “Your "
        "list” if they are recipients."
    ),
    '{number} hidden column was left out: {letters}. Set `hidden = "read"` under [list] to read '
    "them.": N_("{number} hidden column was left out: {letters}. Unhide it in Excel to use it."),
    '{number} hidden columns were left out: {letters}. Set `hidden = "read"` under [list] to read '
    "them.": N_(
        "{number} hidden columns were left out: {letters}. Unhide them in Excel to use them."
    ),
    "Column {column_letters} shows its numbers otherwise than they are stored: {shown} was read as "
    "{known}. If letters are to have what is shown, put it into mailing.toml, or type it into the "
    "cells.": N_(
        "Column {column_letters} shows its numbers otherwise than they are stored: {shown} was "
        "read as {known}. If letters are to have what is shown, type it into the cells."
    ),
    "The list seems to have no headings: its first row looks like a recipient. Give them with "
    '`headings = ["navn", "adresse", …]` under [list], or say where they are with '
    "`header_row = 1`.": N_(
        "The list seems to have no headings: its first row looks like a recipient. Choose the row "
        "of the headings at “Your list”, or write headings above the list in Excel."
    ),
    "Set `header_row` under [list] to the row of the headings.": N_(
        "Choose the row of the headings at “Your list”."
    ),
    "Add the recipients, or set `header_row` under [list] if that is a recipient.": N_(
        "Add the recipients, or choose another row of headings at “Your list”."
    ),
    "Unhide the list in Excel, or name its sheet with `sheet` under [list].": N_(
        "Unhide the list in Excel, or choose its sheet at “Your list”."
    ),
    "If the list is on another sheet, set `sheet` under [list]: {others}.": N_(
        "If the list is on another sheet, choose it at “Your list”: {others}."
    ),
    'All its rows are hidden; unhide them, or set `hidden = "read"` under [list].': N_(
        "All its rows are hidden. Unhide them in Excel."
    ),
    "The list was read as one column, but every line has as many of the character {perhaps}. If it "
    "separates cells, set separator = '{perhaps}' under [list].": N_(
        "The list was read as one column, but every line has as many of the character {perhaps}. "
        "If it separates cells, choose it at “Your list”."
    ),
    "a character could not be read and stands as {lost}; type it again, or set `encoding` under "
    "[list] if many rows have it": N_(
        "a character could not be read and stands as {lost}; type it again, or save the list as a "
        "workbook if many rows have it"
    ),
    "Delete the columns that no letter needs; in a text file, set `separator` under [list] if its "
    "cells are separated by something else.": N_(
        "Delete the columns that no letter needs; in a text file, choose at “Your list” what "
        "separates its cells."
    ),
    # The letter
    "Write {{{{ column }}}} with a column's name, or, if all of them share it, same = "
    '["{name}"] under [checks].': N_("Choose a column for it at “Who gets it”."),
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
    # Sending, and what went before
    "This run would send {letters} letters, and [send] max_letters is {most}.": N_(
        "This would send {letters} letters, and {most} are the most that this mailing allows."
    ),
    "This run would cost {cost}, and [send] max_cost is {most}.": N_(
        "This would cost {cost}, and {most} is the most that this mailing allows."
    ),
    "This run would cost about {cost}, and [send] max_cost is {most}.": N_(
        "This would cost about {cost}, and {most} is the most that this mailing allows."
    ),
    "{letters:,} letters were sent, as many as [send] max_letters allows.": N_(
        "{letters:,} letters were sent, as many as this mailing allows."
    ),
    "The next letter would make the cost of this run {spent:,.2f}, and [send] max_cost is "
    "{cost:,.2f}.": N_(
        "The next letter would make the cost {spent:,.2f}, and {cost:,.2f} is the most that this "
        "mailing allows."
    ),
    "If that is right, raise it in {path}. To send a part, choose it with --rows or --limit.": N_(
        "If that is right, ask whoever set the limit to raise it; or shorten the list."
    ),
    "[send] approval is set, and nobody has approved this mailing. Nothing was sent.": N_(
        "Another person must approve this mailing, and nobody has approved it. Nothing was sent."
    ),
    "Another letter went, or may have gone, under this identifier. This one was not sent.": N_(
        "Another letter went, or may have gone, to this recipient already. This one was not sent."
    ),
    "Nothing, if it is that letter. If it is another one, give it an identifier of its own and "
    "send again.": N_(
        "Nothing, if it is that letter. If it is another one, begin another period at “Next month”."
    ),
    "Nothing, if it is that letter. If it is another one, send it with batchsend send --again and "
    "its row.": N_(
        "Nothing, if it is that letter. If it is another one, begin another period at “Next month”."
    ),
    "Ask the provider about it, then settle it with batchsend settle. It is never sent again "
    "without that decision.": N_(
        "Ask the provider whether the letter was taken. It is never sent again without an answer."
    ),
    "The letter was left out of the run by --rows or --limit.": N_(
        "The letter was not among those that were chosen."
    ),
    "Forgotten by batchsend purge --identifier.": N_("Forgotten, as somebody asked for."),
    "What mailing.toml says of the letters, their pages or prices has changed since.": N_(
        "What is set for the letters, their pages or prices has changed since."
    ),
    "If it is that period: --period {like}. If it is another, write it in another way.": N_(
        "If it is the period {like}, write it like that. If it is another, write it in another way."
    ),
    **MORE_WORDS,
}
