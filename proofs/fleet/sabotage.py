"""An ingest process that answers before COMMIT: what it says is stored is gone when it is killed.

Called as the honest one is: `python -m proofs.fleet.sabotage --office-config FILE --socket PATH`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request

from kiosk_tui.cli.main import main
from kiosk_tui.office.database import Connection
from kiosk_tui.office.ingest import app

PROGRAM: Final = ("-m", "proofs.fleet.sabotage")
_LATE_S: Final = 0.3
_committing: set[asyncio.Task[None]] = set()


async def _answered_first(
    request: Request, _kiosk_id: str, work: Callable[[Connection], Awaitable[Any]]
) -> Any:
    """Do the work, and leave the COMMIT for later."""
    pool = request.app.state.pool
    connection = await pool.acquire()
    transaction = connection.transaction()
    try:
        await transaction.start()
        done = await work(connection)
    except BaseException:
        await pool.release(connection)
        raise

    async def commit() -> None:
        try:
            await asyncio.sleep(_LATE_S)
            await transaction.commit()
        finally:
            await pool.release(connection)

    task = asyncio.create_task(commit())
    _committing.add(task)
    task.add_done_callback(_committing.discard)
    return done


if __name__ == "__main__":
    app._stored = _answered_first  # type: ignore[assignment]
    sys.exit(main(["office", "serve", "--part", "ingest", *sys.argv[1:]]))
