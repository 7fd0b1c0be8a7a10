"""The application: pages of its own, the interface under ``/api``, and one line for every error.

The pages load nothing from other hosts; what they show they ask of the interface.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from annotations.review import access, api, api_files, api_project, bodies
from annotations.review.access import COOKIE, Changer, Settings
from annotations.review.apply import DecisionError
from annotations.review.pages import PAGES, REPORT, STATIC, page
from pipeline.store import StaleReviewError, StoreError, accounts

ADDRESSES = {"": "queue"} | {name: name for name in PAGES if name not in ("queue", "login")}


class _Scripts(StaticFiles):
    """Scripts and styles of a folder that holds other things too."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, if it is a script or a style."""
        if not path.endswith((".js", ".css")):
            raise HTTPException(404, "no such file")
        return await super().get_response(path, scope)


def make_app(settings: Settings) -> FastAPI:
    """The application over a store."""
    app = FastAPI(title="caseline review", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.settings = settings
    access.guard(app)
    for router in (api_project.router, api_files.router, api.router):
        app.include_router(router)
    _errors(app)
    _session(app)
    _pages(app)
    return app


def _errors(app: FastAPI) -> None:
    @app.exception_handler(StaleReviewError)
    def stale(_: Request, error: StaleReviewError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 409)

    @app.exception_handler(accounts.LogInError)
    def refused(_: Request, error: accounts.LogInError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 429 if "too many" in str(error) else 401)

    @app.exception_handler(StoreError)
    def missing(_: Request, error: StoreError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 404 if "no such" in str(error) else 422)

    @app.exception_handler(DecisionError)
    def unfit(_: Request, error: DecisionError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        # what was sent is not repeated: it may hold a document's text
        details = [{"loc": list(one["loc"]), "msg": one["msg"]} for one in error.errors()]
        return JSONResponse({"detail": details}, 422)


def _session(app: FastAPI) -> None:
    @app.post("/api/session")
    def log_in(request: Request, body: bodies.LogIn) -> JSONResponse:
        """Begins a session; a cookie that scripts cannot read holds its token."""
        known = access.of(request)
        if not known.with_accounts:
            raise HTTPException(404, "this server has no accounts")
        origin = request.headers.get("origin")
        if origin and origin.split("://")[-1] != request.headers.get("host"):
            raise HTTPException(403, "this request comes from another site")
        address = request.client.host if request.client else "unknown"
        token = accounts.log_in(known.store, body.name, body.password, address)
        answer = JSONResponse({"name": body.name})
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=known.secure_cookies,
            max_age=int(accounts.SESSION.total_seconds()), path="/",
        )  # fmt: skip
        return answer

    @app.delete("/api/session", status_code=204)
    def log_out(request: Request, who: Changer) -> Response:
        """Ends the session."""
        del who
        accounts.log_out(access.of(request).store, request.cookies.get(COOKIE))
        answer = Response(status_code=204)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def _pages(app: FastAPI) -> None:
    app.mount("/static/report", _Scripts(directory=REPORT), name="report")
    app.mount("/static", _Scripts(directory=STATIC), name="static")

    @app.get("/login", include_in_schema=False)
    def login() -> HTMLResponse:
        return HTMLResponse(page("login"))

    @app.get("/{name}", include_in_schema=False)
    @app.get("/{name}/{rest:path}", include_in_schema=False)
    @app.get("/", include_in_schema=False)
    def show(request: Request, name: str = "", rest: str = "") -> Response:
        if name not in ADDRESSES:
            raise HTTPException(404, "no such page")
        known = access.of(request)
        if known.with_accounts and accounts.who(known.store, request.cookies.get(COOKIE)) is None:
            wanted = "" if request.url.path == "/" else f"?next={quote(request.url.path)}"
            return RedirectResponse(f"/login{wanted}", 303)
        return HTMLResponse(page(ADDRESSES[name]))
