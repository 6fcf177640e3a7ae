"""Opening a cluster: found or started, looked over, and let go of at the end.

Everything that can be wrong with it is said here, before anything is sent.
"""

from __future__ import annotations

import asyncio
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from batchsend.clusters import asking
from batchsend.clusters.asking import Cluster
from batchsend.errors import SettingsError
from batchsend.language import _

if TYPE_CHECKING:
    from distributed import Client, Security

    from batchsend.rendering import Templates

LOCAL = "local"
"""In the place of an address: a cluster of this machine's processors, for this run."""
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://.+:[0-9]+")

Notice = Callable[[str], None]


@contextmanager
def cluster_at(where: str, templates: Templates, notice: Notice) -> Iterator[Cluster]:
    """The cluster whose scheduler is at `where`, or one on this machine where that is `local`.

    `notice` is told where its dashboard is, and when it has no workers left.
    Raises SettingsError where there is none, or one that would not render as this machine does.
    """
    if where != LOCAL and not _ADDRESS.fullmatch(where):
        raise SettingsError(
            _("--cluster {where} is not the address of a Dask scheduler.", where=where),
            hint=_(
                "It looks like tcp://host:8786; --cluster {local} starts one on this machine.",
                local=LOCAL,
            ),
        )
    try:
        from distributed import Security  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise SettingsError(
            _("Rendering on a cluster needs Dask, which is not installed here."),
            hint=_("`pip install 'batchsend-letters[dask]'` installs it."),
        ) from None
    from batchsend.clusters.dask_cluster import DaskCluster  # noqa: PLC0415 - imports Dask
    from batchsend.clusters.worker_plugin import Versions  # noqa: PLC0415 - imports Dask

    with ExitStack() as stack:
        stack.enter_context(_without_logs())
        address, security = where, Security()
        if where == LOCAL:
            from batchsend.clusters.local import local_cluster  # noqa: PLC0415 - imports Dask

            address, security = stack.enter_context(local_cluster())
        client = stack.enter_context(_client(address, security))
        versions = Versions.here(templates.engine)
        versions.must_be_those_of(client)
        cluster = DaskCluster(client, versions, timeout=templates.time_limit, notice=notice)
        stack.callback(cluster.shutdown, wait=False, cancel_futures=True)
        threads = cluster.threads()
        notice(
            _(
                "Rendering on the cluster at {address}, {threads} letters at once. Its "
                "dashboard: {answer}",
                address=address,
                threads=threads,
                answer=asking.answer(client, _dashboard, client),
            )
        )
        yield cluster


@contextmanager
def _client(address: str, security: Security) -> Iterator[Client]:
    from distributed import Client  # noqa: PLC0415 - an extra

    try:
        asyncio.run(_must_answer(address, security))
        with warnings.catch_warnings():
            # Versions are compared in words, a line later.
            warnings.simplefilter("ignore")
            client = Client(
                address,
                timeout=asking.ANSWER_LIMIT,
                security=security,
                set_as_default=False,
                name="batchsend",
            )
    except Exception as error:
        # Dask raises what its layers raise: no address, no certificate, no answer, no scheduler.
        raise SettingsError(
            _(
                "The cluster's scheduler at {address} cannot be reached: {first_line}.",
                address=address,
                first_line=_first_line(error),
            ),
            hint=_(
                "Is it running, and is this the address it printed as it started? A "
                "firewall may be between; tls:// needs certificates in Dask's settings. "
                "Without --cluster this machine renders."
            ),
        ) from None
    try:
        yield client
    finally:
        with suppress(TimeoutError):
            client.close(timeout=asking.PARTING_LIMIT)


async def _dashboard(client: Client) -> str:
    """As the scheduler told it when it was found: on its own loop a client does not ask again."""
    return str(client.dashboard_link)


async def _must_answer(address: str, security: Security) -> None:
    """Ask the scheduler who it is. A Client would ask what is none for minutes."""
    from distributed import rpc  # noqa: PLC0415 - an extra

    connection = security.get_connection_args("client")
    async with (
        asyncio.timeout(asking.ANSWER_LIMIT),
        rpc(address, connection_args=connection) as scheduler,
    ):
        await scheduler.identity(n_workers=0)


def _first_line(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _(
            "it did not answer within {answer_limit:g} seconds", answer_limit=asking.ANSWER_LIMIT
        )
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


@contextmanager
def _without_logs() -> Iterator[None]:
    """What Dask logs to the terminal is said in words by us, where it matters."""
    loggers = ["distributed", *logging.root.manager.loggerDict]
    handlers = [
        handler
        for name in loggers
        if name.partition(".")[0] == "distributed"
        for handler in logging.getLogger(name).handlers
    ]

    def nothing(record: logging.LogRecord) -> bool:  # noqa: ARG001 - logging's interface
        return False

    for handler in handlers:
        handler.addFilter(nothing)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(nothing)
