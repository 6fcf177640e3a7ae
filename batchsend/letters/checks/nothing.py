"""What spreadsheets, programs and people write where there is no value, as whole cells.

Regular expressions of Rust's, as polars takes them.
"""

from __future__ import annotations

# In the languages of the Nordic countries, English and German; Excel's and LibreOffice's. All but a
# few end with a mark, in any language.
ERROR_VALUE = (
    r"#¡?\p{Lu}[\p{Lu}/0-9]+[!?]"
    r"|(?i:#(?:REF|VALUE|NAME|NUM|DIV/0|VERDI|NAVN|VÄRDEFEL|NAMN|VÆRDI|ARVO|NIMI|WERT|BEZUG)[!?]?)"
    r"|(?i:#(?:N/A|N/D|I/T|NV|SAKNAS|PUUTTUU|GETTING_DATA|BUSY!|FIELD!)(?: #?N/?A)?|#NA)"
    r"|(?i:#(?:ERROR|FEIL|FEJL|FEL|FEHLER|TYPE|DELETED|SLETTET|MULTIVALUE)!?)"  # databases, reports
    r"|#{3,}"  # a column too narrow for its number
    r"|Err:5[0-9]{2}"
)
NOTHING = (
    r"#?NULL#?|null|[(<\[](?i:null|none|nil|blank|empty)[)>\]]|None|[Nn]a[Nn]|NAN|\\N|[Nn]/[Aa]|<NA>"
    r"|NaT|[Nn]il|NIL|undefined|(?:System\.)?DBNull(?:\.Value)?|\[object \w+\]|[Nn]\.[Aa]\."
    r"|(?:NULL|null|None|nan|NaN)(?:,? +(?:NULL|null|None|nan|NaN))+|System\.[A-Z]\w+(?:\[\])?"
    r"|[Kk]\. ?A\.|'{2}|\"{2}|\{\}|\[\]|[+-]?(?:inf|Infinity|1\.#(?:IND|QNAN|INF)[0-9]*)|-nan|NA"
    r"|0000-00-00(?:[ T]00:00:00)?"
)
"""What databases and programs write. People are called Null, so it is no error."""
_WORDS = "NULL|null|None|nan|NaN|undefined"
NOTHING_BESIDE = rf"^(?:{_WORDS}),? \p{{Lu}}|\p{{L}},? (?:{_WORDS}|{ERROR_VALUE})$"
"""The same beside a name or a street, where a program has put two cells together."""
# Without \b, which is slow in a text that is not all ASCII.
SUSPECT_BESIDE = rf"(?:^|[\s\x1f])(?:{_WORDS})(?:$|[\s,\x1f])|\s#\p{{L}}"
_UNKNOWN = (
    r"ukjent|ikke (?:oppgitt|registrert|angitt|angivet|tilgjengelig)|mangler|tom|okän[dt]"
    r"|(?:ej|inte) känd|(?:ej|inte) känt|ej angiv(?:en|et)|(?:uppgift )?saknas|ukendt|tuntematon"
    r"|ei tie(?:dossa|toa)|puuttuu"
    r"|unbekannt|fehlt|(?:nicht|keine) angabe|nicht angegeben|leer|unknown|missing|blank|empty"
    r"|not (?:provided|available|applicable|given|known|specified)|tb[adc]"
)
UNKNOWN = rf"[(<\[]?(?i:{_UNKNOWN})[)>\]]?|\p{{Pd}}+|[.?*_]+|[xX]+|0+"
"""What people write where a name, a street or a town has to be."""
