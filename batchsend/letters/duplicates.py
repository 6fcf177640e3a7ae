"""Repeats among drafts, which are letters as far as each can be judged by itself: the same
identifier or file, and recipients who seem to get two letters."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from batchsend.language import _, filled, joined
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import Column
from batchsend.masking import masked_in_text

_AT_A_TIME = 2_000_000
"""Hashes that are held at a time."""
_REPEATED = {"row": pl.UInt32, "text": pl.String, "rows": pl.String, "identifiers": pl.UInt32}
_FILES_NAMED = 3
_BETWEEN = ", "
"""Between the cells that an identifier is made of."""
_NAMED = 20
"""Rows that a message names before it says how many more there are."""


def hashes(letters: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """`row`, and what the letters below are compared by: small, and null where there is no text."""
    compared = letters.lazy().select(  # lazily, so that each text is made once
        "row",
        **{
            name: pl.when(text.fill_null("") != "").then(text.hash())
            for name, text in (
                ("identifier", mapping.text("Identifier")),
                ("recipient", _recipient(mapping)),
            )
        },
    )
    return compared.collect()


def repeated_identifiers(drafted: Drafted, mapping: Mapping, problems: Problems) -> None:
    """An error for each letter whose identifier another letter has, naming all their rows."""
    repeated = _repeated(drafted, "identifier", pl.col("identifier"))
    if repeated.is_empty():
        return
    problems.tell(
        repeated.join(_cells(drafted, mapping, repeated), on="row"),
        # Where they are all empty, that is what is wrong, and told.
        pl.col("cells").str.strip_chars(_BETWEEN) != "" if _made_of(mapping) else pl.lit(True),
        filled(
            _advice(drafted, mapping),
            names=pl.lit(_names(mapping)),
            rows="rows",
            identifier=mapping.shown("Identifier", pl.col("text")),
        ),
        column=mapping.leaves["Identifier"].own_headings or "Identifier",
        value=mapping.shown("Identifier", pl.col("cells")),
    )


def _cells(drafted: Drafted, mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """What stands in the list where the identifiers of `rows` come from."""
    columns = _made_of(mapping)
    cells = pl.concat_str([trimmed(pl.col(column.key)) for column in columns], separator=_BETWEEN)
    return (
        drafted.letters.join(rows.lazy().select("row"), on="row", how="semi")
        .select("row", cells=cells if columns else pl.lit(""))
        .collect(engine="streaming")
    )


def _advice(drafted: Drafted, mapping: Mapping) -> str:
    """What is wrong with letters of one identifier, and what can be done."""
    if _names(mapping) and not drafted.windows:
        return _(
            "Rows {rows} have the same identifier, {identifier}. Delete the copy; or set "
            "group_by = [{names}] under [list] to make one letter of these rows; or build "
            "Identifier from columns that tell them apart."
        )
    return _(
        "Rows {rows} have the same identifier, {identifier}. Delete the copy; or build Identifier "
        "from columns that tell them apart."
    )


def _names(mapping: Mapping) -> str:
    return ", ".join(f'"{column.name}"' for column in _made_of(mapping))


def _made_of(mapping: Mapping) -> tuple[Column, ...]:
    """The columns that tell the letters of one list apart."""
    return mapping.leaves["Identifier"].own_columns


def likely_duplicates(drafted: Drafted, mapping: Mapping, problems: Problems) -> None:
    """A warning for letters that go to the same name at the same address."""
    repeated = _repeated(drafted, "recipient", _recipient(mapping))
    problems.tell(
        repeated,
        pl.col("identifiers") > 1,
        filled(
            _("Rows {rows} go to the same name and address; is it one letter too many?"),
            rows="rows",
        ),
        column=mapping.headings("Invoicee.Name"),
        severity="warning",
    )


def shared_files(drafted: Drafted, problems: Problems) -> None:
    """An error for each letter whose PDF is another letter's, too, naming all their rows."""
    if drafted.files is None:
        return
    texts = drafted.files.select("row", "identifier", text="file_contents")
    alike = _alike(texts, _suspects(texts.select("row", hash=pl.col("text").hash()), drafted.rows))
    named = alike.lazy().join(drafted.files.select("row", "file"), on="row").sort("row").collect()
    files = named.group_by("text").agg(pl.col("file").unique(maintain_order=True).alias("files"))
    problems.tell(
        alike.join(files, on="text"),
        pl.lit(True),
        filled(
            _(
                "[document]: Rows {rows} have the same PDF, {files}. Give each its own; "
                "or, where it is meant for all of them, set shared = true under "
                "[document]."
            ),
            rows="rows",
            files=pl.col("files").map_elements(_named, return_dtype=pl.String),
        ),
        column="",
    )


def _named(files: pl.Series) -> str:
    """The names that one file has."""
    names = files.head(_FILES_NAMED).to_list()
    if len(files) > _FILES_NAMED:
        names.append(_("{number:,} more", number=len(files) - _FILES_NAMED))
    return masked_in_text(joined(names))


def _recipient(mapping: Mapping) -> pl.Expr:
    """Name and address as one text; null where one of them is missing."""
    parts = [mapping.text(f"Invoicee.{name}") for name in ("Name", "Address1", "PostCode")]
    name, address = parts[:2]
    text = pl.concat_str(parts, separator="\n").str.to_lowercase()
    return pl.when(name != "", address != "").then(text)


def _repeated(drafted: Drafted, hashed: str, text: pl.Expr) -> pl.DataFrame:
    """Where a text comes more than once: `row`, `text`, all its `rows` in words, and how many
    `identifiers` they have. `hashed` is the column of its hashes."""
    known = drafted.hashes.select("row", hash=hashed)
    texts = drafted.letters.select("row", "identifier", text=text)
    return _alike(texts, _suspects(known, drafted.rows))


def _alike(letters: pl.LazyFrame, suspects: pl.Series) -> pl.DataFrame:
    """The same, of `letters` with `row`, `identifier` and `text`, of which `suspects` are rows."""
    if suspects.is_empty():
        return pl.DataFrame(schema=_REPEATED)
    texts = letters.join(suspects.to_frame().lazy(), on="row", how="semi").collect(
        engine="streaming"
    )
    together = (
        texts.group_by("text")
        .agg(
            first=pl.col("row").sort().head(_NAMED),
            times=pl.len(),
            identifiers=pl.n_unique("identifier"),
        )
        .filter(pl.col("times") > 1)
        .with_columns(rows=pl.col("first").cast(pl.List(pl.String)).list.join(", "))
        .with_columns(
            rows=pl.when(pl.col("times") > _NAMED)
            .then(filled(_("{rows} and {times} more"), rows="rows", times=pl.col("times") - _NAMED))
            .otherwise("rows")
        )
    )
    return texts.join(together, on="text").sort("row").select(_REPEATED.keys())


def _suspects(hashes: pl.LazyFrame, rows: int) -> pl.Series:
    """The `row`s whose `hash` comes more than once, a share of all hashes at a time."""
    shares = rows // _AT_A_TIME + 1
    present = hashes.filter(pl.col("hash").is_not_null())
    found = []
    for share in range(shares):
        some = present.filter(pl.col("hash") % shares == share).collect(engine="streaming")
        ordered = some["hash"].sort()  # much quicker than to count each of them
        twice = ordered.filter(ordered == ordered.shift()).unique()
        found.append(some.filter(pl.col("hash").is_in(twice.implode()))["row"])
    return pl.concat(found)


@dataclass(frozen=True, slots=True)
class Drafted:
    """Drafts on disk, in list order."""

    drafts: pl.LazyFrame
    """A line for every row: `row`, `letter`, its cells, and for the first row of each letter
    `identifier`, `channel`, `language`, `content` and the varying leaves; null for its others."""
    hashes: pl.LazyFrame
    """What repeats are found by, a line for every letter."""
    files: pl.LazyFrame | None
    """`row`, `identifier`, `file` and `file_contents` (a hash) of the letters whose file may be no
    other's, if any may."""
    appended: pl.LazyFrame | None
    """`row` and APPENDED: what comes after letters and may be one letter's own, if anything may."""
    portions: int
    """The files the drafts are in, by `portion_name`."""
    rows: int
    windows: tuple[int, ...]
    """Of a grouped list: row numbers at which letters are cut into what fits into memory."""

    @property
    def letters(self) -> pl.LazyFrame:
        """The drafts of first rows."""
        return self.drafts.filter(pl.col("row") == pl.col("letter"))
