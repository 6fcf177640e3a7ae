"""The separate process that opens workbooks and Parquet files; see `subprocess_reader` for why.

Run as `python -m batchsend.lists.reader_child`, with a request as JSON on standard input; the
answer is JSON on standard output. Its memory is bounded where the system can do that.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers import expat

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists import parquet
from batchsend.lists.workbooks import conversion
from batchsend.lists.workbooks.archive import damaged

# What readers of XML, zip and binary records run into when a file does not hold what it should.
_DAMAGES = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    struct.error,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def main() -> None:
    """Answer the request on standard input; its `memory` is the most bytes to use for that, beside
    those that the process has to begin with.
    """
    request = json.load(sys.stdin.buffer)
    _bound_memory(request["memory"])
    json.dump(answer_to(request), sys.stdout)


def answer_to(request: dict[str, Any]) -> dict[str, Any]:
    """Store the rows of the file at `path`, of this `kind`, as Parquet files in `folder`.

    The other keys of the request, and the answer, are those of `conversion.convert` for workbooks
    and of `parquet.convert` for Parquet; or the answer is the `message` and `hint` of a ListError.
    """
    path = Path(request["path"])
    convert = parquet.convert if request["kind"] == "parquet" else conversion.convert
    try:
        return convert(path, request)
    except ListError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(
            ListError(
                _("{name} is larger than a list should be.", name=path.name),
                hint=_("Save the sheet with the list alone, as .xlsx or as CSV."),
            )
        )
    except _DAMAGES:
        return _refusal(damaged(path))


def _refusal(error: ListError) -> dict[str, Any]:
    return {"message": error.message, "hint": error.hint}


def _bound_memory(most: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        # Address space, of which polars alone reserves more than it uses.
        most += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
