"""The HTML report: one self-contained page for one document or hundreds, text and timeline side by side.

The page is written as documents come: ``head``, a ``document`` each, ``tail``. Every document is a block of JSON that
the page parses when it is opened, so that hundreds cost what their bytes cost. Scripts and styles are the files of
this folder, put into the page and named by hash in its Content-Security-Policy: it asks no host for anything.

The timeline is drawn by ``timeline.js`` and not by a plotting library. Altair with Vega was weighed: its runtime adds
about 0.9 MB to every page, needs ``unsafe-eval`` or its slower interpreter under a strict policy, and has no lanes
that mix dose steps, spans, small charts with a reference band and undated events on one broken axis, nor marks that a
keyboard or a screen reader can reach; all that would have been drawn by hand inside it.
Example: ``"".join([head(), document(extraction, 0), tail([entry(extraction)])])`` is a page.
"""

from pipeline.export.html.page import document, entry, head, tail

__all__ = ["document", "entry", "head", "tail"]
