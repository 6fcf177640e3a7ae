"""Days as cells have them that are none: patterns, for polars' regular expressions."""

NO_DAY = (
    r"(?:0001-01-01|1899-12-3[01]|1900-01-0[01]|1970-01-01|9999-12-31)"
    r"(?:[ T][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
    r"|0?1[./-]0?1[./-](?:0001|1900|1970)|3[01][./-]12[./-](?:1899|9999)|12/31/9999"
)
"""What programs write where there is no day, in a column that the letter shows as it stands."""
_COMMON_YEAR = r"(?:19|20)(?:[02468][1-35-79]|[13579][013-57-9])"
IMPOSSIBLE = (
    r"(?:(?:3[2-9]|[4-9][0-9]|00)[./-][01]?[0-9]|[0-3]?[0-9][./-](?:00|1[3-9]|[2-9][0-9])"
    r"|31[./-](?:0?[2469]|11)|30[./-]0?2)[./-](?:19|20)[0-9]{2}"
    rf"|29[./-]0?2[./-]{_COMMON_YEAR}"
    r"|(?:19|20)[0-9]{2}-(?:(?:0[2469]|11)-31|02-30|(?:00|1[3-9]|[2-9][0-9])-[0-9]{2}"
    r"|[0-9]{2}-(?:00|3[2-9]|[4-9][0-9]))|(?:2100|1900)-02-29"
    rf"|{_COMMON_YEAR}-02-29"
)
"""Days that no calendar has, with the day before the month; a year may stand in front of both."""
MONTH_FIRST = r"^(?:0?[1-9]|1[0-2])/(?:1[3-9]|2[0-9]|3[01])/[0-9]{4}$"
"""As readers of English write a day, and no others."""
INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r" ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})"
)
