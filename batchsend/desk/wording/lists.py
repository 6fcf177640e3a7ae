"""What the desk says of the list, its rows, and who is left out."""

from __future__ import annotations

from batchsend.language import N_

LISTS = {
    "1 cell of the list is corrected, as {name} says.": N_("1 cell of the list is corrected."),
    "{used:,} cells of the list are corrected, as {name} says.": N_(
        "{used:,} cells of the list are corrected."
    ),
    "By skip under [list].": N_("Left out by what you chose at “Your list”."),
    "By skip under [list]: {said}.": N_("Left out by what you chose at “Your list”: {said}."),
    "So it is not known whether this row is to be left out: correct the cell, or skip.": N_(
        "So it is not known whether this row is to be left out: correct the cell."
    ),
    "See what skip and [[list.exclude]] in mailing.toml say.": N_(
        "See at “Your list” which rows are left out."
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
    "Set as many `headings` under [list] as there are columns.": N_(
        "Choose the row of the headings at “Your list”."
    ),
    "[[list.exclude]] match: {place}: {why_not}.": N_(
        "The list of those who get no letter cannot be compared with yours: {why_not}."
    ),
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
    "Its letters seem to be Greek, Cyrillic or Asian. Export the list in UTF-8, or set `encoding` "
    'under [list], such as "cp1253" or "cp1251".': N_(
        "Its letters seem to be Greek, Cyrillic or Asian. Export the list in UTF-8, or as an "
        "Excel workbook."
    ),
    "Undo the sorting, and save the workbook again. Where it is meant, correct each cell by "
    "itself, with batchsend correct and --row.": N_(
        "Undo the sorting, save the workbook again, and drop it here. Where it is meant, correct "
        "each cell at “Check”."
    ),
    'If “{example}” is right, set encoding = "{codec}" under [list]; if not, export the list in '
    "UTF-8.": N_("Export the list in UTF-8, or as an Excel workbook."),
    "The encoding was found by hardly more than one word, “{word}”, which would be another one in "
    "another encoding. If its letters are wrong, set `encoding` under [list].": N_(
        "How the list's letters are written was found by hardly more than one word, “{word}”. If "
        "its letters are wrong, export the list in UTF-8, or as an Excel workbook."
    ),
    "Export the list again, in UTF-8. Or set `encoding` under [list], and all of it is read in "
    "that.": N_("Export the list again, in UTF-8 or as an Excel workbook."),
}
