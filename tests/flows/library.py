"""A server on loopback that answers as Europe PMC, E-utilities and the PMC open-access store are documented to."""

import hashlib
import json
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ARTICLE = """<?xml version="1.0"?><article article-type="{kind}" xmlns:xlink="http://www.w3.org/1999/xlink">
<front><article-meta><article-id pub-id-type="pmcid">{id}</article-id>{related}
<title-group><article-title>A case {id}</article-title></title-group></article-meta></front>{body}</article>"""
BODY = (
    "<body><sec><title>Case</title><p>A {age}-year-old woman was admitted. "
    "On hospital day 3, prednisolone 20 mg/day was started.</p></sec></body>"
)


def article(id, age=40, kind="case-report", body=True, related=""):
    text = BODY.format(age=age) if body else ""
    return ARTICLE.format(id=id, kind=kind, related=related, body=text).encode()


class Library:
    """Its articles by PMCID, what it was asked, and how it is to misbehave: {path: [what first, what next, ...]}."""

    def __init__(self):
        self.articles = {f"PMC{n}": article(f"PMC{n}", 40 + n) for n in range(1, 6)}
        self.facts = {}
        self.retracted = set()
        self.asked = Counter()
        self.misbehave = {}
        self.url = ""

    def answer(self, path, query):
        """Status, body and headers."""
        name = path.rsplit("/", 1)[-1]
        ids = sorted(self.articles)
        if name == "search":
            size, mark = int(query["pageSize"]), query["cursorMark"]
            start = 0 if mark == "*" else int(mark)
            some = [id for id in ids if f"PMCID:{id}" == query["query"]] or ids
            hits = [self._hit(id) for id in some[start : start + size]]
            body = {
                "hitCount": len(some),
                "nextCursorMark": str(start + len(hits)),
                "resultList": {"result": hits},
            }
            return 200, json.dumps(body).encode(), {}
        if name == "fullTextXML":
            id = path.split("/")[-2]
            return (200, self.articles[id], {}) if self.articles.get(id) else (404, b"", {})
        if name == "esearch.fcgi":
            start = int(query["retstart"])
            some = [id.removeprefix("PMC") for id in ids][start : start + int(query["retmax"])]
            return 200, json.dumps({"esearchresult": {"count": str(len(ids)), "idlist": some}}).encode(), {}
        if name == "efetch.fcgi":
            return (
                200,
                b"<pmc-articleset>"
                + self.articles[f"PMC{query['id']}"].split(b"?>")[1]
                + b"</pmc-articleset>",
                {},
            )
        if "prefix" in query:
            id = query["prefix"].removeprefix("metadata/").rstrip(".")
            keys = "".join(f"<Contents><Key>metadata/{id}.{n}.json</Key></Contents>" for n in (1, 2))
            return (
                200,
                f"<ListBucketResult>{keys if id in self.articles else ''}</ListBucketResult>".encode(),
                {},
            )
        if name.endswith(".json"):
            id = name.split(".")[0]
            md5 = hashlib.md5(self.articles[id]).hexdigest()
            return (
                200,
                json.dumps(
                    {"license_code": "CC BY", "version": 2, "md5": md5, "is_retracted": id in self.retracted}
                ).encode(),
                {},
            )
        if name.endswith(".2.xml"):
            return 200, self.articles[name.split(".")[0]], {}
        return 404, b"", {}

    def _hit(self, id):
        types = ["case reports", *(["Retracted Publication"] if id in self.retracted else [])]
        return {
            "id": id,
            "source": "PMC",
            "pmcid": id,
            "pubTypeList": {"pubType": types},
            **self.facts.get(id, {}),
        }


@contextmanager
def serving():
    """The library at ``library.url`` while this lasts."""
    library = Library()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            name = parts.path.strip("/")
            library.asked[name] += 1
            status, body, headers = library.answer(
                parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}
            )
            how = library.misbehave.get(name) or [None]
            first = how.pop(0)
            if isinstance(first, tuple):
                status, body, headers = first
            elif first == "slow":
                time.sleep(2)
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if first == "cut" else body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    library.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield library
    finally:
        server.shutdown()
        server.server_close()
