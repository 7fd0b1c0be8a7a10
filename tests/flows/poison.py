"""A worker process whose extraction hangs, dies, grows or fails where the text says so."""

import os
import time

from flows import worker
from pipeline import build

whole = build.extract


def extract(document, nlp):
    if "HANG" in document.text:
        time.sleep(600)
    if "DIE" in document.text:
        os._exit(7)
    if "GROW" in document.text:
        raise AssertionError(f"{len(bytearray(2 << 30))} bytes were given")
    if "RAISE" in document.text:
        raise ValueError(document.text)
    return whole(document, nlp)


if __name__ == "__main__":
    build.extract = extract
    worker.MEMORY = 1 << 30
    worker.main()
