"""Letters of a mailing rendered here or on a cluster, without sending them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pypdfium2
from mailings import MailingFolder

from batchsend import Mailing, Target
from batchsend.clusters import Cluster, cluster_at
from batchsend.letters import Snapshot
from batchsend.operations.check import check_into, templates_of
from batchsend.rendering import RenderedLetter, RenderPool, Templates


def checked(mailing: MailingFolder, place: Path) -> tuple[Templates, Snapshot]:
    loaded = Mailing.load(mailing.path)
    templates = templates_of(loaded)
    return templates, check_into(place, loaded, templates).snapshot


@contextmanager
def press_on(
    address: str | None, templates: Templates, snapshot: Snapshot
) -> Iterator[tuple[RenderPool, Cluster | None]]:
    """A press on the cluster at `address`, or one with a process of its own."""
    secrets = Target.sandbox().subscription
    if address is None:
        with RenderPool(templates, snapshot.columns, secrets, workers=1) as press:
            yield press, None
    else:
        with (
            cluster_at(address, templates, lambda _: None) as cluster,
            RenderPool(
                templates, snapshot.columns, secrets, workers=cluster.threads, executor=cluster
            ) as press,
        ):
            yield press, cluster


def rendered(
    mailing: MailingFolder, place: Path, address: str | None = None
) -> list[RenderedLetter]:
    """Every letter of the mailing, in the list's order."""
    templates, snapshot = checked(mailing, place)
    with press_on(address, templates, snapshot) as (press, _):
        prepared = press.prepare(snapshot.letters())
        return sorted(asyncio.run(collected(prepared)), key=lambda made: made.entry.row)


async def collected(
    prepared: AsyncIterator[RenderedLetter], then: Callable[[int], None] = lambda _: None
) -> list[RenderedLetter]:
    """All of them; `then` is told how many there are after each."""
    made: list[RenderedLetter] = []
    async for each in prepared:
        made.append(each)
        then(len(made))
    return made


def text(prepared: RenderedLetter) -> str:
    """What its pages say."""
    assert not prepared.error, prepared.error
    pdf = base64.b64decode(orjson.loads(prepared.body)["Letter"]["FreeText"], validate=True)
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
