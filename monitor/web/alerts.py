"""The pages of one alert: taking care of it, not hearing of it for a while, muting what it is about."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.alerts.links import Grant, Purpose
from monitor.model import Alert, Subscription
from monitor.readers import PREVIEW, MuteWish
from monitor.readers.wishes import NAME_LIMIT
from monitor.rules.durations import parse_span
from monitor.text import plain
from monitor.web import forms
from monitor.web.forms import Fields
from monitor.web.site import Site

SNOOZES = (("1h", "1 hour"), ("8h", "8 hours"), ("1d", "1 day"), ("7d", "1 week"))
LENGTHS = (("1d", "1 day", ""), ("7d", "1 week", ""), ("30d", "30 days", ""), ("ever", "until I lift it", ""))


class _Asked(NamedTuple):
    """Who asks, about which alert."""

    grant: Grant
    alert: Alert
    subscription: Subscription | None

    @property
    def who(self) -> str:
        """Whom it is sent to, as the page says it."""
        return self.grant.route or (self.subscription.address or self.subscription.name if self.subscription else "")


@dataclass(frozen=True, slots=True)
class AlertPages:
    """Handlers; a GET changes nothing, a second POST changes nothing more."""

    site: Site

    # --- taking care ------------------------------------------------------------------------------------------------

    async def acknowledging(self, request: Request) -> Response:
        """Asks whether to take care of the alert, or says who does."""
        asked = await self._asked(request, Purpose.ACKNOWLEDGE)
        if refusal := self._stranger(asked):
            return refusal
        known = await self.site.app.database(self.site.app.store.acknowledgement, asked.alert.id)
        if known:
            return self.site.told("Somebody takes care of it", _taken(known.author, known.at, known.reason))
        return self.site.page("acknowledge.html", alert=asked.alert, ask_name=asked.subscription is None)

    async def acknowledge(self, request: Request) -> Response:
        """Take care of the alert, unless somebody was first."""
        asked = await self._asked(request, Purpose.ACKNOWLEDGE)
        if refusal := self._stranger(asked):
            return refusal
        form, site = await forms.fields(request), self.site
        author, reason = _author(asked, form), plain.line(form.one("reason"), 200)
        by, first = await site.app.database(site.desk.acknowledge, asked.alert.id, author, site.now, reason)
        title = "You take care of it" if first else "Somebody takes care of it"
        return site.told(title, _taken(by.author, by.at, by.reason))

    def _stranger(self, asked: _Asked) -> Response | None:
        """Those who subscribed by themselves cannot keep others from being woken."""
        if asked.subscription is None or asked.subscription.by_operator:
            return None
        said = "Only people whom the operator subscribed can take care of an alert for everybody."
        return self.site.told("This is for the desk", said, "You can snooze or mute it for yourself.", status=403)

    # --- not hearing of it ------------------------------------------------------------------------------------------

    async def snoozing(self, request: Request) -> Response:
        """Asks for how long."""
        asked = await self._asked(request, Purpose.SNOOZE)
        return self.site.page("snooze.html", alert=asked.alert, lengths=SNOOZES)

    async def snooze(self, request: Request) -> Response:
        """Hold this one alert back from this one reader."""
        asked = await self._asked(request, Purpose.SNOOZE)
        form = await forms.fields(request)
        lasts = form.one("lasts")
        if lasts not in dict(SNOOZES):
            raise HTTPException(400)
        wish = MuteWish(
            alert_id=asked.alert.id,
            reader=asked.grant.reader,
            lasts=parse_span(lasts),
            author=_author(asked, form),
            reason="snoozed",
        )
        mute = await self.site.app.database(self.site.desk.mute, wish, self.site.now)
        until = f"Nothing more of it is sent to {asked.who} until {mute.until:%Y-%m-%d %H:%M} UTC."
        return self.site.told("Snoozed", f"“{asked.alert.title}”", until)

    async def muting(self, request: Request) -> Response:
        """What could be muted, and how much of late that would have held back."""
        return await self._shown(await self._asked(request, Purpose.MUTE))

    async def mute(self, request: Request) -> Response:
        """Mute what was chosen, or lift a mute, for this one reader."""
        asked = await self._asked(request, Purpose.MUTE)
        form, site = await forms.fields(request), self.site
        if form.one("do") == "lift":
            await site.app.database(site.desk.lift, form.one("lift"), site.now, asked.grant.reader)
            return await self._shown(asked, "It is sent again.")
        wishes = self._wishes(asked)
        if form.one("what") not in wishes or form.one("lasts") not in {value for value, _, _ in LENGTHS}:
            raise HTTPException(400)
        lasts = None if form.one("lasts") == "ever" else parse_span(form.one("lasts"))
        reason = plain.line(form.one("reason"), 200)
        wish = replace(wishes[form.one("what")], lasts=lasts, author=_author(asked, form), reason=reason)
        await site.app.database(site.desk.mute, wish, site.now)
        return await self._shown(asked, "Muted.")

    def _wishes(self, asked: _Asked) -> dict[str, MuteWish]:
        """What can be muted from this alert, for this reader alone."""
        rule = MuteWish(rule=asked.alert.rule, reader=asked.grant.reader, author=_author(asked, Fields()))
        return {"rule": rule} | ({"story": replace(rule, story=asked.alert.group)} if asked.alert.group else {})

    async def _shown(self, asked: _Asked, notice: str = "") -> Response:
        site = self.site
        title = site.desk.offered.rules.get(asked.alert.rule, asked.alert.rule)
        labels = {"story": "Only what this alert is about", "rule": f"Everything of “{title}”"}
        choices = []
        for what, wish in sorted(self._wishes(asked).items(), reverse=True):
            held = await site.app.database(site.desk.preview, wish, site.now)
            choices.append((what, labels[what], _count(len(held))))
        return site.page(
            "mute.html",
            alert=asked.alert,
            choices=choices,
            chosen=choices[0][0],
            lengths=LENGTHS,
            days=PREVIEW.days,
            who=asked.who,
            muted=await site.app.database(site.desk.muted, asked.grant.reader, site.now),
            notice=notice,
        )

    async def _asked(self, request: Request, purpose: Purpose) -> _Asked:
        grant = self.site.grant(request, purpose)
        return _Asked(grant, await self.site.alert(grant), await self.site.subscription(grant))


def _author(asked: _Asked, form: Fields) -> str:
    """Who acts: a subscriber by address; for a route the name that was given, if any, and the route's."""
    name = plain.line(form.one("name"), 40) if asked.subscription is None else ""
    return plain.line(f"{name} ({asked.who})" if name else asked.who, NAME_LIMIT)


def _taken(author: str, at: datetime, reason: str) -> str:
    return f"{author}, since {at:%Y-%m-%d %H:%M} UTC." + (f" {reason}" if reason else "")


def _count(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
