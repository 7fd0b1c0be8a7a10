"""The flows that a schedule or a work pool runs; ``prefect.yaml`` names them."""

from __future__ import annotations

from flows.engine import quiet

quiet()

from prefect import flow  # noqa: E402  (its settings must stand first)
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows.commands.common import errors  # noqa: E402
from flows.commands.run import LIMIT, do_harvest, do_paths  # noqa: E402
from flows.execute import inside_flow  # noqa: E402


@flow(name="process", task_runner=ThreadPoolTaskRunner(max_workers=16))  # type: ignore[arg-type]
def process(paths: list[str], store: str | None = None, workers: int = 1, time_limit: float = LIMIT) -> str:
    """Extracts what is new or changed in files and folders."""
    with inside_flow():
        return do_paths(paths, store, workers, None, (), time_limit, console=errors).line


@flow(name="harvest", task_runner=ThreadPoolTaskRunner(max_workers=16))  # type: ignore[arg-type]
def harvest(name: str, store: str | None = None, workers: int = 1, time_limit: float = LIMIT) -> str:
    """Fetches and extracts what is new for a saved query."""
    with inside_flow():
        return do_harvest(name, store, workers, None, (), time_limit, console=errors).line
