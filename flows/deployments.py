"""The flows that a schedule or a work pool runs; ``prefect.yaml`` names them."""

from __future__ import annotations

from flows.engine import quiet

quiet()

from pathlib import Path  # noqa: E402  (Prefect's settings must stand first)

from prefect import flow  # noqa: E402
from prefect.artifacts import create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import runs, training  # noqa: E402
from flows.execute import inside_flow  # noqa: E402
from flows.runs import LIMIT, Options  # noqa: E402

RUNNER = ThreadPoolTaskRunner[object](max_workers=16)


@flow(name="process", task_runner=RUNNER)  # type: ignore[arg-type]
def process(
    paths: list[str],
    store: str | None = None,
    workers: int = 1,
    time_limit: float = LIMIT,
    lexicons: list[str] | None = None,
) -> str:
    """Extracts what is new or changed in files and folders, and articles by PMCID, PMID or DOI."""
    with inside_flow():
        return runs.of_paths(paths, Options(store, workers, None, tuple(lexicons or ()), time_limit)).line


@flow(name="harvest", task_runner=RUNNER)  # type: ignore[arg-type]
def harvest(name: str, store: str | None = None, workers: int = 1, time_limit: float = LIMIT) -> str:
    """Fetches and extracts what is new for a saved query, with the lexicons that it was saved with."""
    with inside_flow():
        return runs.of_harvest(name, Options(store, workers, time_limit=time_limit)).line


@flow(name="reprocess", task_runner=RUNNER)  # type: ignore[arg-type]
def reprocess(
    store: str | None = None,
    workers: int = 1,
    time_limit: float = LIMIT,
    lexicons: list[str] | None = None,
) -> str:
    """Extracts again what a changed lexicon, rule or version may make otherwise."""
    with inside_flow():
        return runs.anew(Options(store, workers, None, tuple(lexicons or ()), time_limit)).line


@flow(name="evaluate")
def evaluate(
    gold: str,
    reports: str | None = None,
    lexicons: list[str] | None = None,
    settings: list[str] | None = None,
) -> str:
    """Scores the present pipeline against gold (and the folder of its reports): the table is an artifact of the run."""
    options = Options(lexicons=tuple(lexicons or ()), settings=tuple(settings or ()))
    found = training.rows(training.scores(Path(gold), Path(reports) if reports else None, options))
    create_table_artifact(table=found, key="scores", description="The pipeline against gold")
    create_markdown_artifact(training.markdown(found), key="evaluation", description="The same as a report")
    return f"{len(found)} figures"


@flow(name="retrain")
def retrain(out: str, store: str | None = None, lexicons: list[str] | None = None) -> str:
    """Learns confidences from the finished reviews of a store; a better table is never replaced."""
    said, figures = training.relearned(Path(out), Options(store, lexicons=tuple(lexicons or ())))
    create_markdown_artifact("\n".join((f"# {said}", "", *figures)), key="retraining", description=said)
    return said
