"""veraPDF's verdict on a PDF, where `BATCHSEND_VERAPDF` names the program: for the tests alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

PATIENCE = 120.0
"""Seconds: it is a Java program, and starts slowly."""
_SHOWN = 500


def complaint(program: str, pdf: Path, standard: str, patience: float = PATIENCE) -> str:
    """What is wrong with a PDF that is to keep a standard, as `pdf/a-2b`, in a sentence; blank
    where veraPDF says that it keeps it.

    Its text report begins with PASS or FAIL, as https://docs.verapdf.org/cli/ says.
    """
    flavour = "ua1" if standard == "pdf/ua-1" else standard.removeprefix("pdf/a-")
    command = [program, "--flavour", flavour, "--format", "text", str(pdf)]
    try:
        ran = subprocess.run(
            command, check=False, capture_output=True, timeout=patience, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        return f"BATCHSEND_VERAPDF names {program}, which cannot be started: {error.strerror}."
    except subprocess.TimeoutExpired:
        return f"{program} did not answer within {patience:g} seconds."
    said = ran.stdout.decode("utf-8", "replace").strip()
    verdict = said.partition(" ")[0]
    if verdict == "PASS":
        return ""
    if verdict == "FAIL":
        return f"veraPDF says that {pdf.name} does not keep {standard}: {said[:_SHOWN]}"
    said = said or ran.stderr.decode("utf-8", "replace").strip() or "nothing"
    return f"{program} gave no verdict (it ended with {ran.returncode}); it said: {said[:_SHOWN]}"
