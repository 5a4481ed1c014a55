"""All pages at their addresses, and what is answered when something is wrong."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from monitor.alerts.links import Purpose
from monitor.errors import RequestError, StoreError
from monitor.web.alerts import AlertPages
from monitor.web.guard import Guard
from monitor.web.site import FOLDER, Site
from monitor.web.subscriptions import SubscriptionPages

_STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
_WORDS = {
    404: ("There is nothing here", "The link is not complete, or it is over. A newer message has a newer one."),
    405: ("That does not work here", "Go back and use the button on the page."),
    410: ("This subscription has ended", "Nothing is sent any more."),
    413: ("That is too much", "The form was too large."),
}
log = structlog.get_logger()


def pages(site: Site) -> ASGIApp:
    """The site as an application."""
    wrong = _Wrong(site)
    app = Starlette(
        routes=_routes(site),
        exception_handlers={
            HTTPException: wrong.http,
            RequestError: wrong.request,
            StoreError: wrong.store,
            ClientDisconnect: wrong.left,
            Exception: wrong.crash,
        },
    )
    app.router.redirect_slashes = False
    host = site.settings.public_url.partition("://")[2]
    return Guard(app, host, {"", "style.css", "subscribe", *Purpose})


def _routes(site: Site) -> list[Route]:
    """Each page with what it shows (GET, which changes nothing) and what it does (POST)."""
    subscription, alert = SubscriptionPages(site), AlertPages(site)
    both = {
        "/subscribe": (subscription.form, subscription.subscribe),
        _path(Purpose.CONFIRM): (subscription.confirmation, subscription.confirm),
        _path(Purpose.PREFERENCES): (subscription.preferences, subscription.change),
        _path(Purpose.UNSUBSCRIBE): (subscription.farewell, subscription.unsubscribe),
        _path(Purpose.ACKNOWLEDGE): (alert.acknowledging, alert.acknowledge),
        _path(Purpose.SNOOZE): (alert.snoozing, alert.snooze),
        _path(Purpose.MUTE): (alert.muting, alert.mute),
    }
    shown = [Route(path, show, methods=["GET"]) for path, (show, _) in both.items()]
    done = [Route(path, do, methods=["POST"]) for path, (_, do) in both.items()]
    return [Route("/", _front(site)), Route("/style.css", _style), *shown, *done]


def _path(purpose: Purpose) -> str:
    return f"/{purpose}/{{token}}"


def _front(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def front(request: Request) -> Response:
        del request
        if not site.settings.signup:
            raise HTTPException(404)
        return RedirectResponse("/subscribe", 303)

    return front


async def _style(request: Request) -> Response:
    del request
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


class _Wrong:
    """Answers that tell a reader what to do, and a stranger nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def http(self, request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        title, said = _WORDS.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
        return self._site.told(title, said, status=status)

    async def request(self, request: Request, error: Exception) -> Response:
        del request
        reasons = error.reasons if isinstance(error, RequestError) else ()
        return self._site.told("That cannot be done", *(why.capitalize() + "." for _, why in reasons), status=409)

    async def store(self, request: Request, error: Exception) -> Response:
        del request
        log.error("web.store", why=str(error))
        return self._site.told("Not now", "Nothing was changed. Try again in a minute.", status=503)

    async def left(self, request: Request, error: Exception) -> Response:
        """Whoever asked is gone in the middle of it; nobody hears this."""
        del request, error
        return Response(status_code=400)

    async def crash(self, request: Request, error: Exception) -> Response:
        del request
        log.error("web.crashed", exc_info=error)
        return self._site.told("Something went wrong", "It is our fault, and it was noted.", status=500)
