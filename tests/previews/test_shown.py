"""What is shown of a letter, national ids struck out of it."""

from __future__ import annotations

from pathlib import Path

from checked_lists import row, snapshot_of

from batchsend.previews.contact_sheet import Mask, texts_of

ID = "21927422163"


def test_national_ids_are_masked_wherever_they_turn_up(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, row(1, id=ID, note=f"Ref. {ID}", name=f"Kari {ID}"))
    [letter] = snapshot.letters()
    mask = Mask.of(letter, snapshot)
    shown = mask({"Letter": letter.fields, "more": [f"“{ID}” stands there", 7, None]})
    assert ID not in str(shown)
    assert shown["Letter"]["Invoicee"]["NationalId"] == "219274*****"
    assert shown["Letter"]["Invoicee"]["Name"] == "Kari 219274*****"
    assert shown["more"] == ["“219274*****” stands there", 7, None]


def test_as_the_list_writes_it_too(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, row(1, id="219274 22163"))
    [letter] = snapshot.letters()
    mask = Mask.of(letter, snapshot)
    assert mask(f"219274 22163 and {ID}") == "219274 ***** and 219274*****"


def test_an_empty_or_short_cell_masks_nothing(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, row(1, id=""))
    [letter] = snapshot.letters()
    assert Mask.of(letter, snapshot)("Kari Nordmann 1") == "Kari Nordmann 1"


def test_texts_of_a_request_by_their_paths() -> None:
    request = {
        "Channel": "PRINT",
        "Note": "",
        "ChannelSettings": {"Email": {"Subject": "Hei"}},
        "OtherReferences": [{"Type": "fee", "Value": "35"}],
    }
    assert list(texts_of(request)) == [
        ("Channel", "PRINT"),
        ("ChannelSettings.Email.Subject", "Hei"),
        ("OtherReferences.0.Type", "fee"),
        ("OtherReferences.0.Value", "35"),
    ]
