"""Prefect, kept quiet: its settings are environment variables that must stand before its first import.

Nothing is reported to anybody, nothing but warnings is logged. Without a server of the user's own (``PREFECT_API_URL``)
a temporary one is started, whose database lies beside the store's default place. What the user has set stays.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import platformdirs

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_CLI_COLORS": "false",
    "PREFECT_CLIENT_METRICS_ENABLED": "false",
}


def home() -> Path:
    """Where Prefect keeps its own database."""
    return Path(platformdirs.user_data_dir("caseline", appauthor=False)) / "prefect"


def quiet() -> None:
    """Sets what the user has not set.

    Raises:
        RuntimeError: Prefect was imported already, so that its settings stand.
    """
    if "prefect" in sys.modules and "PREFECT_SERVER_ANALYTICS_ENABLED" not in os.environ:
        raise RuntimeError(
            "prefect was imported before caseline could switch its analytics off: set DO_NOT_TRACK=1 and "
            "PREFECT_SERVER_ANALYTICS_ENABLED=false in the environment"
        )
    for name, value in (QUIET | {"PREFECT_HOME": str(home())}).items():
        os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).expanduser().mkdir(parents=True, exist_ok=True)


def has_server() -> bool:
    """Whether the user has a Prefect server of their own."""
    return bool(os.environ.get("PREFECT_API_URL"))


def comes_up(server: subprocess.Popen[bytes], api: str, seconds: float) -> bool:
    """Waits until a server that was started answers at ``api``; false where it ends first or takes longer than that."""
    import httpx

    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"{api}/health", timeout=5).status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False
