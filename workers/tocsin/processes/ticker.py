"""The ticker process: whatever waits for time, one at a time by a fenced lease."""

from tocsin.adapters.archive import FileArchive
from tocsin.adapters.logs import get_logger
from tocsin.errors import StoreError
from tocsin.pipeline.tick import tick
from tocsin.ports import Store
from tocsin.processes.stopping import StopSignal
from tocsin.processes.supervisor import holder_name

_LEASE = "tick"
_LEASE_S = 15.0
_EVERY_S = 1.0


def run_ticker(*, store: Store, archive: FileArchive, stop: StopSignal) -> None:
    """Tick every second until `stop`; stand by while another ticker holds the lease."""
    holder = holder_name("ticker")
    unreachable = False
    while not stop.wait(_EVERY_S):
        try:
            lease = store.acquire_lease(_LEASE, holder, _LEASE_S)
            if lease is not None:
                tick(store=store, archive=archive, lease=lease, now=store.now())
            unreachable = False
        except StoreError as exc:
            if not unreachable:
                get_logger().warning("store_unavailable", process="ticker", error=str(exc))
            unreachable = True
