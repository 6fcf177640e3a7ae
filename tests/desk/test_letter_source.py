"""letter.html in the editor and back: what nobody changed stays as it was, to the character."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.desk.editing import LetterSource, NotADocumentError
from batchsend.expressions import environment

ROOT = Path(__file__).parents[2]
SHIPPED = [
    *sorted(ROOT.glob("templates/*/letter*.html")),
    ROOT / "batchsend/starter/letter.html",
]


def source_of(path: Path) -> str:
    return path.read_bytes().decode()


def common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def in_main(text: str) -> str:
    return f'<html><body>\n{{% include "head.html" %}}\n<main>{text}</main>\n</body></html>\n'


def document(source: str) -> dict[str, Any]:
    found = LetterSource.read(source).document()
    assert found is not None
    return found


def nodes(node: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    inner = [each for child in node.get("content", ()) for each in nodes(child, kind)]
    return [node, *inner] if node["type"] == kind else inner


def read_of(node: dict[str, Any]) -> Any:
    """A document without its numbers: what somebody sees of it."""
    attrs = {k: v for k, v in node.get("attrs", {}).items() if k not in {"id", "label"}}
    content = [read_of(child) for child in node.get("content", ())]
    return node["type"], attrs, node.get("text"), node.get("marks"), content


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_unedited_letter_is_the_same_file(path: Path, newline: str) -> None:
    source = source_of(path).replace("\n", newline)
    assert LetterSource.read(source).written(document(source)) == source


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_only_the_paragraph_that_was_changed_changes(path: Path) -> None:
    source = source_of(path)
    before = document(source)
    for number in range(len(nodes(before, "paragraph"))):
        doc = copy.deepcopy(before)
        edited = nodes(doc, "paragraph")[number]
        content = edited.setdefault("content", [])
        if not (content and content[-1]["type"] == "text" and not content[-1].get("marks")):
            content.append({"type": "text", "text": ""})
        content[-1]["text"] += "Æ & <b>"
        saved = LetterSource.read(source).written(doc)
        start, end = (
            saved.index("Æ &amp; &lt;b&gt;"),
            common(source[::-1], saved[::-1]),
        )
        assert len(saved) - end == start + len("Æ &amp; &lt;b&gt;")
        assert source[: source.rindex("<p", 0, start)] == saved[: source.rindex("<p", 0, start)]
        assert read_of(document(saved))[4] == read_of(doc)[4]
        environment(autoescape=True).parse(saved)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            '<p class="x">',
            "<h2>",
            "</h2>",
            "<strong>",
            "</strong>",
            "<em>",
            "</em>",
        ),
        *("<ul>", "</ul>", "<li>", "</li>", "<div>", "</div>", "<table>", "</table>", "<tr>"),
        *(
            "</tr>",
            "<td>",
            "</td>",
            '<td class="number">',
            "<br>",
            "<hr>",
            "&amp;",
            "&nbsp",
            "&#65;",
        ),
        *("{{ navn }}", "{{- sum | money -}}", '{{ "}}" }}', "{# note #}", "{% if a %}"),
        *("{% else %}", "{% endif %}", "{% for r in rows %}", "{% endfor %}", "{% set a = 1 %}"),
        *('<span title="{{ x }}>">', "</span>", "<!-- {{ c }} -->", "<", "{", "}", "\n  ", "\r\n"),
        *("{% raw %}", "<p", "&", "</", "<main>", "</main>"),
    ]
)
WHOLE = st.recursive(
    st.one_of(
        WORDS.map(lambda text: text.translate(dict.fromkeys(map(ord, "<>&{}%#"), "x"))), PIECES
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(
            ["p", "div", "ul", "li", "strong", "em", 'td class="number"', "tr", "table"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(st.one_of(PIECES, WORDS, WHOLE), max_size=12).map("".join))
def test_whatever_stands_in_a_letter_comes_back(text: str) -> None:
    letter = LetterSource.read(source := in_main(text))
    doc = letter.document()
    assert letter.written(doc) == source


MARKS = st.sampled_from(
    [[], [{"type": "strong"}], [{"type": "em"}], [{"type": "strong"}, {"type": "em"}]]
)
FIELDS = st.sampled_from(
    ["{{ navn }}", '{{ row["Beløp, kr"] | money("NOK") }}', "{{ {'a': 1}.a }}"]
)


@st.composite
def texts(draw: Any) -> list[dict[str, Any]]:
    """What may stand in a paragraph, as ProseMirror has it."""
    content: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 5))):
        node = draw(
            st.one_of(
                WORDS.map(lambda text: {"type": "text", "text": " ".join(text.split())}),
                FIELDS.map(lambda source: {"type": "field", "attrs": {"source": source}}),
                st.just({"type": "hard_break"}),
                st.sampled_from(["{{ x }}", "{% if", "{", "</p>", "<script>", "&amp;", "{#"]).map(
                    lambda text: {"type": "text", "text": text}
                ),
            )
        )
        if node.get("text") == "":
            continue
        marks = draw(MARKS)
        node = {**node, "marks": marks} if marks else dict(node)
        last = content[-1] if content else {"type": ""}
        if last["type"] == node["type"] == "text" and last.get("marks") == node.get("marks"):
            continue
        content.append(node)
    return content


@st.composite
def blocks(draw: Any, deep: int = 2) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["paragraph", "heading", *(["bullet_list", "ordered_list"] if deep else [])]
        )
    )
    if kind == "paragraph":
        return {"type": kind, "attrs": {"id": None}, "content": draw(texts())}
    if kind == "heading":
        level = draw(st.integers(1, 3))
        return {"type": kind, "attrs": {"id": None, "level": level}, "content": draw(texts())}
    item = st.lists(blocks(deep=deep - 1), max_size=2).map(
        lambda more: {"type": "list_item", "attrs": {"id": None}, "content": [FILLED, *more]}
    )
    return {
        "type": kind,
        "attrs": {"id": None},
        "content": draw(st.lists(item, min_size=1, max_size=3)),
    }


FILLED = {
    "type": "paragraph",
    "attrs": {"id": None},
    "content": [{"type": "text", "text": "Punkt"}],
}


def shown(node: dict[str, Any]) -> Any:
    """A document as it is read; blanks at a line's ends are not."""
    parts = []
    for child in node.get("content", ()):
        if child["type"] == "text":
            parts.append(("text", child["text"].strip(" "), str(child.get("marks"))))
        elif child["type"] in {"field", "hard_break"}:
            parts.append(
                (child["type"], child.get("attrs", {}).get("source", ""), str(child.get("marks")))
            )
        else:
            parts.append(shown(child))
    return (
        node["type"],
        node.get("attrs", {}).get("level"),
        [p for p in parts if p[:2] != ("text", "")],
    )


@given(st.lists(blocks(), min_size=1, max_size=4))
def test_what_somebody_writes_is_what_is_read_again(content: list[dict[str, Any]]) -> None:
    source = in_main("\n  <p>Hei</p>\n")
    saved = LetterSource.read(source).written({"type": "doc", "content": content})
    environment(autoescape=True).parse(saved)
    before, _, rest = saved.partition("<main>")
    assert before + rest[rest.rindex("</main>") :] == source.replace(
        "\n  <p>Hei</p>\n", ""
    ).replace("<main>", "")
    again = LetterSource.read(saved).document()
    if again is None:  # nothing was written in any of them
        assert not any(node.get("content") for node in content if node["type"] != "bullet_list")
        return
    assert shown({"type": "doc", "content": content}) == shown(
        {"type": "doc", "content": again["content"]}
    )


def test_text_that_is_typed_is_never_code() -> None:
    source = in_main("<p>{{ navn }}</p>")
    doc = document(source)
    nodes(doc, "paragraph")[0]["content"] = [
        {"type": "text", "text": "{"},
        {"type": "field", "attrs": {"source": "{{ navn }}"}},
        {"type": "text", "text": "{{ 7 * 7 }}{% x %}<img src=x>"},
    ]
    saved = LetterSource.read(source).written(doc)
    page = environment(autoescape=True).from_string(saved.replace('{% include "head.html" %}', ""))
    assert "<p>&#123;Kari&#123;{ 7 * 7 }}&#123;% x %}&lt;img src=x&gt;</p>" in page.render(
        navn="Kari"
    )


def test_a_paragraph_that_is_cut_in_two_keeps_its_look_and_its_neighbours() -> None:
    source = in_main('\n  <p class="regards" id="one">Ett og to</p>\n  <p>Tre</p>\n')
    doc = document(source)
    first = doc["content"][0]
    doc["content"].insert(1, copy.deepcopy(first))
    first["content"], doc["content"][1]["content"] = (
        [{"type": "text", "text": "Ett"}],
        [{"type": "text", "text": "to"}],
    )
    saved = LetterSource.read(source).written(doc)
    assert '\n  <p class="regards" id="one">Ett</p>\n  <p>to</p>\n  <p>Tre</p>\n' in saved


def test_a_new_row_has_the_look_of_the_one_it_is_made_from() -> None:
    source = in_main(
        '<table>\n  <tr><td>Leie</td><td class="number">{{ leie }}</td></tr>\n</table>'
    )
    doc = document(source)
    row = copy.deepcopy(nodes(doc, "table_row")[0])
    for cell in row["content"]:
        cell["content"] = [{"type": "paragraph", "attrs": {"id": None}}]
    nodes(doc, "table")[0]["content"].append(row)
    saved = LetterSource.read(source).written(doc)
    assert saved == source.replace(
        "</tr>\n", '</tr>\n  <tr><td></td><td class="number"></td></tr>\n'
    )


@pytest.mark.parametrize(
    ("text", "locked", "words"),
    [
        ("<p>a</p>{% for r in rows %}<p>{{ r.navn }}</p>{% endfor %}", "locked", "[navn]"),
        ("<p>a</p>{# to whom it concerns #}", "locked", ""),
        ("<p>a</p><dl><dt>Når</dt><dd>Nå</dd></dl>", "locked", "Når Nå"),
        ("<p>a {% if b %}og b{% endif %} c</p>", "locked_inline", "og b"),
        ('<p>a <span class="x">og b</span></p>', "locked_inline", "og b"),
        ("<p>a</p><ul><li>x</li>{% if y %}<li>y</li>{% endif %}</ul>", "locked_item", "y"),
        (
            "<p>a</p><table>{% for r in rows %}<tr><td>y</td></tr>{% endfor %}</table>",
            "locked_row",
            "y",
        ),
    ],
)
def test_what_cannot_be_edited_is_shown_with_its_words(text: str, locked: str, words: str) -> None:
    [found] = nodes(document(in_main(text)), locked)
    assert found["attrs"]["words"] == words
    assert found["attrs"]["note"].endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "<p>a<p>b",
        "{% if a %}<p>b</p>",
        "{% if a %}<p>{% endif %}b</p>",
        "{% raw %}<p>{{ a }}</p>{% endraw %}",
        "<p>{{ a</p>",
        "<main><p>a</p></main>",
        "{% for r in rows %}<p>{{ r.navn }}</p>{% endfor %}",
    ],
)
def test_a_letter_that_is_not_understood_is_edited_as_text(text: str) -> None:
    letter = LetterSource.read(in_main(text))
    assert letter.document() is None
    assert letter.written(None) == in_main(text)


@pytest.mark.parametrize(
    "doc",
    [
        None,
        {"type": "paragraph"},
        {"type": "doc", "content": "<p>"},
        {"type": "doc", "content": [{"type": "script"}]},
        {"type": "doc", "content": [{"type": "locked", "attrs": {"id": 1}}]},
        {"type": "doc", "content": [{"type": "paragraph", "attrs": {"id": 99}}]},
        {"type": "doc", "content": [{"type": "table", "attrs": {"id": None}}]},
        {"type": "doc", "content": [{"type": "heading", "attrs": {"level": "1><script>"}}]},
        {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text"}]}]},
        *(
            {
                "type": "doc",
                "content": [
                    {"type": "paragraph", "content": [{"type": "field", "attrs": {"source": text}}]}
                ],
            }
            for text in ("{% set a = 1 %}", "{{ a }}<script>", "a", None, "{{ a }}{{ b }}", "{{ a")
        ),
    ],
)
def test_what_is_no_document_of_this_letter_is_refused(doc: Any) -> None:
    with pytest.raises(NotADocumentError):
        LetterSource.read(in_main("<p>Hei</p>")).written(doc)
