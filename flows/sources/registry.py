"""The sources by name."""

from __future__ import annotations

import os

from flows.sources import europepmc, eutils, pmc
from flows.sources.base import Source

SOURCES = ("europepmc", "eutils", "pmc")


def source(name: str) -> Source:
    """The source of this name, at its own address or at that of a mirror (CASELINE_EUROPEPMC_URL and the like).

    Raises:
        ValueError: there is none of this name.
    """

    def base(default: str, of: str = name) -> str:
        return os.environ.get(f"CASELINE_{of.upper()}_URL", default)

    if name == "europepmc":
        return europepmc.EuropePMC(base(europepmc.BASE))
    if name == "eutils":
        return eutils.EUtils(base(eutils.BASE))
    if name == "pmc":
        return pmc.OpenStore(base(pmc.BASE), names=europepmc.EuropePMC(base(europepmc.BASE, "europepmc")))
    raise ValueError(f"no source {name!r}; there are {', '.join(SOURCES)} and folder")
