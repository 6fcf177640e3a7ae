"""Pages: Jinja2 with everything escaped, and texts from elsewhere made fit to be shown."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from batchsend.language import install


def legible(text: object) -> str:
    """Text whose control characters show, and do nothing.

    >>> legible("a\\x1b[31m\\u202eb")
    'a�[31m�b'
    """
    return "".join(sign if sign.isprintable() or sign in "\n\xa0" else "�" for sign in str(text))


def environment(package: str) -> Environment:
    """The pages of a package's folder `pages`, in the language spoken as they are made.

    They extend `web/frame.html`, which needs `language`, and `token` where there is a door.
    """
    own, ours = PackageLoader(package, "pages"), PackageLoader("batchsend.web", "pages")
    env = Environment(
        loader=ChoiceLoader([own, PrefixLoader({"web": ours})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(env)
    env.filters["legible"] = legible
    return env
