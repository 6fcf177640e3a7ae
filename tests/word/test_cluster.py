"""Word letters on a Dask cluster: its workers have the same LibreOffice, or render nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mailings import MailingFolder
from word_documents import document, merge_field, paragraph

pytest.importorskip("distributed")
from batchsend.clusters.worker_plugin import Versions


def test_a_worker_without_it_or_with_another_is_told(
    stand_in: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("all")
    here = Versions.here("libreoffice 7.4.7.2")
    assert here.by_name["libreoffice"] == "7.4.7.2"
    assert not here.unlike_here()
    monkeypatch.setenv("BATCHSEND_SOFFICE", "/none")
    assert here.unlike_here() == "no libreoffice (here 7.4.7.2)"


@pytest.mark.slow
def test_a_cluster_makes_them(tmp_path: Path, stand_in: Callable[[str], Path]) -> None:
    stand_in("all")
    folder = tmp_path / "mailing"
    folder.mkdir()
    mailing = MailingFolder(folder)
    mailing.edit('path = "letter.html"', 'path = "brev.docx"')
    mailing.edit('Channel = "PRINT"', 'Channel = "EMAIL"')
    (folder / "brev.docx").write_bytes(document(paragraph(merge_field("Fornavn"))))
    sent = mailing.run("send", "--sandbox", "--yes", "--cluster", "local")
    assert sent.exit_code == 0, sent.output
    assert set(mailing.statuses().values()) == {"accepted"}
