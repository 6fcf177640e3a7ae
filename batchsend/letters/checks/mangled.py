"""Letters that came out of a program wrongly: `BjÃ¸rn`, `Bj?rn`, `Bj%C3%B8rn`, `S&oslash;ren`.

Regular expressions of Rust's, as polars takes them. Nobody is called like that.
"""

from __future__ import annotations

_READ_WRONGLY = (
    r"[\x{fffd}\x{80}-\x{9f}]"
    r"|[ÂÃ][\x{80}-\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿"  # UTF-8 as Windows-1252
    r"|[├┬][^\s]"  # as DOS
    r"|[√¬][^\s\d\p{L}]"  # as Macintosh
    r"|[ĂÄ][\x{80}-\x{a0}¸¦…‚„†‡•–—]"  # as Windows-1250
    r"|(?:^|\s)Ã\p{Ll}"  # the same where a program has dropped its control characters
    r"|\p{Ll}[ŒŠŽ]|\p{L}Ÿ\p{Ll}|\p{L}[†›„‚”ƒ¿¾¢™]\p{L}"  # Macintosh and DOS as Windows-1252
    r"|\p{L}[°µ³]\p{Ll}|[ĺĹ]"  # Windows-1252 as DOS, and as Windows-1250
    r"|\p{L}[¸¨¯]\p{L}|(?:^|\s)[¨¯]\p{Ll}"  # as the Baltic Windows-1257
)
_ESCAPED = (
    r"|(?i:%C[2-5]%[89AB][0-9A-F])|\p{L}%(?:20|[C-Fc-f][0-9A-Fa-f])\p{L}"
    r"|_x[0-9A-F]{4}_|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[2-3][0-7]{2}"
    r"|\+A[A-P][A-Za-z0-9+/]-"  # UTF-7
    r"|(?i:\p{L}|\b)=(?:C[2-5]=[89AB][0-9A-F]|[CDEF][0-9A-F]\p{Ll})"
    r"|&(?:#\d{2,5}|#[xX][0-9a-fA-F]{2,4}|(?i:amp|nbsp|lt|gt|quot|apos|oslash|aring|aelig|szlig|eth"
    r"|thorn|[a-z](?:uml|acute|grave|circ|cedil|tilde|caron)));"
)
MANGLED = (
    rf"{_READ_WRONGLY}{_ESCAPED}|^[^\s/]*\p{{L}}\?{{1,2}}\p{{Ll}}"
    r"|\s[^\s/]*\p{L}\?{1,2}\p{Ll}"
)
"""In any text. A `?` in an address of the web is none."""
MANGLED_IN_ADDRESS = (
    r"\p{L}\?(?:\s|$)|(?:^|\s)\?\p{Ll}"
    r"|\p{L}[{|}\\]\p{Ll}|(?:^|\s)[{|}\\\[\]]\p{Ll}|\p{L}[\[\]]\p{Ll}"  # the 7-bit letters
    r"|\p{Lu}[\[\]\\]\p{Lu}{2}"
)
"""In a name, street or town besides."""
SUSPECT = (
    r"[\x{fffd}\x{80}-\x{9f}├┬√¬†›„‚”ƒ°µ³ĺĹ¿¾¢™¸¨¯%=&?{|}\\\[\]]|\+A[A-P]|_x[0-9A-F]"
    r"|[ÂÃĂÄ][^\s\p{L}]|Ã\p{Ll}|â€|ï»¿|[a-zæøåäö][ŒŠŽ]|Ÿ"
)
"""What is in every text that one of the others finds; for a quick look at many."""
