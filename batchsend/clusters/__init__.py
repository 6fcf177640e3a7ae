"""Rendering on a Dask cluster, in the place of this machine's worker processes.

The only room that knows Dask, which is imported when a cluster is asked for and not before. The
sender stays one process: the rate, the ledger and every request are its own.
"""

from batchsend.clusters.asking import Cluster
from batchsend.clusters.opening import LOCAL, cluster_at

__all__ = ["LOCAL", "Cluster", "cluster_at"]
