from __future__ import annotations

import subprocess
import sys
from contextvars import copy_context
from threading import Thread

import polars as pl
import pytest
from jinja2 import Environment

from batchsend.language import (
    LANGUAGES,
    VARIABLE,
    _,
    current_language,
    filled,
    install,
    language_named,
    ngettext,
    speaking,
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_value_is_never_looked_at_for_places():
    assert _("“{value}” is no date.", value="{row} %s {0.__class__}") == (
        "“{row} %s {0.__class__}” is no date."
    )
    with speaking("nb"):
        assert _("“{value}” xyz", value="{row!r} {{") == "“{row!r} {{” xyz"


def test_a_message_without_places_is_taken_as_it_stands():
    assert _("Write {{ column }}.") == "Write {{ column }}."


def test_a_message_is_filled_from_columns():
    frame = pl.DataFrame({"row": [5, 6], "value": ["{row}", None]})
    message = filled(
        _("Row {row}: “{value}” is {what}."), row="row", value="value", what=pl.lit("x")
    )
    assert frame.select(message).to_series().to_list() == ["Row 5: “{row}” is x.", None]


def test_numbers_are_written_as_the_language_writes_them():
    assert ngettext("{number} x", "{number:,} xs", 12000) == "12,000 xs"
    with speaking("nb"):
        assert ngettext("{number} x", "{number:,} xs", 12000) == "12\u00a0000 xs"
        assert _("{part:.1f} % of {name}", part=2.5, name="a.b,c") == "2,5 % of a.b,c"


@pytest.mark.parametrize(
    ("said", "spoken"),
    [("", "en"), ("nb", "nb"), ("nb_NO.UTF-8", "nb"), ("NO", "nb"), ("en-GB", "en"), ("fr", "en")],
)
def test_the_environment_says_the_language(monkeypatch, said, spoken):
    monkeypatch.setenv(VARIABLE, said)
    assert current_language() == spoken


def test_speaking_is_for_its_block_and_for_threads_in_its_context():
    heard = []
    with speaking("nb"):
        with speaking("en"):
            assert current_language() == "en"
        run = copy_context().run
        inside = Thread(target=run, args=(lambda: heard.append(current_language()),))
        outside = Thread(target=lambda: heard.append(current_language()))
        for thread in (inside, outside):
            thread.start()
            thread.join()
    assert heard == ["nb", "en"]
    assert current_language() == "en"


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="fr"), speaking("fr"):
        pass
    assert language_named("fr") is None
    assert all(language_named(each) == each for each in LANGUAGES)


def test_templates_say_messages_and_escape_what_is_put_into_them():
    environment = Environment(autoescape=True)
    install(environment)
    template = environment.from_string(
        "{{ _('Row %(row)s', row='<b>%s') }}, "
        "{% trans count=2 %}one\n   letter{% pluralize %}{{ count }}\n   letters{% endtrans %}"
    )
    assert template.render() == "Row &lt;b&gt;%s, 2 letters"


def test_english_loads_no_catalogue():
    asked = (
        "import sys; from batchsend.language import _; _('x'); "
        "print([each for each in ('gettext', 'babel', 'jinja2') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
