"""What all pages share: the desk where readers ask, the links that prove who asks, and how an answer looks."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.alerts.links import Grant, Links, Purpose
from monitor.app import App
from monitor.model import Alert, Subscription, SubscriptionState
from monitor.readers import Desk
from monitor.settings import Web

FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages of one service."""

    app: App
    settings: Web
    links: Links

    @property
    def now(self) -> datetime:
        return self.app.clock()

    @property
    def desk(self) -> Desk:
        """Where readers ask; made anew for each request, because rules are taken up while the service runs."""
        return Desk(store=self.app.store, channels=self.app.channels, rules=self.app.loaded.rules, pages=True)

    def grant(self, request: Request, purpose: Purpose) -> Grant:
        """What the link allows; without a right there is no page, whatever is wrong with the link."""
        grant = self.links.verify(request.path_params["token"], purpose, self.now)
        if grant is None:
            raise HTTPException(404)
        return grant

    async def subscription(self, grant: Grant) -> Subscription | None:
        """Whose link it is; None for a configured route."""
        if not grant.subscription:
            return None
        found = await self.app.database(self.app.store.subscription, grant.subscription)
        if found is None:
            raise HTTPException(404)
        return found

    async def active(self, grant: Grant) -> Subscription:
        """Whose link it is, unless it has ended."""
        found = await self.subscription(grant)
        if found is None or found.state is not SubscriptionState.ACTIVE:
            raise HTTPException(410)
        return found

    async def alert(self, grant: Grant) -> Alert:
        """What the link is about."""
        found = await self.app.database(self.app.store.alert, grant.alert_id)
        if found is None:
            raise HTTPException(404)
        return found

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        """A filled-in template; 422 where something in a form is wrong."""
        wrong = values.setdefault("wrong", {})
        return HTMLResponse(_TEMPLATES.get_template(name).render(**values), 422 if wrong and status == 200 else status)

    def told(self, title: str, *paragraphs: str, status: int = 200, link: dict[str, str] | None = None) -> Response:
        """A page that only says something."""
        return self.page("told.html", status, title=title, paragraphs=paragraphs, link=link)
