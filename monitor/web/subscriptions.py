"""The pages of a subscription: asking for one, confirming, changing, pausing, ending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.alerts.links import Grant, Purpose
from monitor.errors import RequestError
from monitor.model import Cadence, Severity, Subscription
from monitor.readers import MuteWish, Wish
from monitor.readers.words import WEEKDAYS, clock, described, severities
from monitor.rules.durations import parse_span
from monitor.web import forms
from monitor.web.forms import Fields
from monitor.web.site import Site

PAUSES = (("1d", "1 day"), ("7d", "1 week"), ("30d", "30 days"))
_CADENCES = (
    (Cadence.NOW, "at once"),
    (Cadence.HOURLY, "hourly digest"),
    (Cadence.DAILY, "daily digest"),
    (Cadence.WEEKLY, "weekly digest"),
)
_ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
_OTHER_SITES = ("cross-site", "same-site")


@dataclass(frozen=True, slots=True)
class SubscriptionPages:
    """Handlers; a GET changes nothing, because mail scanners open every link."""

    site: Site

    # --- asking -----------------------------------------------------------------------------------------------------

    async def form(self, request: Request) -> Response:
        """The form to subscribe."""
        del request
        return self.site.page("subscribe.html", form=await self._choices(Wish(channel=self._channel)))

    async def subscribe(self, request: Request) -> Response:
        """Ask the owner of the address; what is answered does not tell whether the address is known."""
        channel = self._channel
        if request.headers.get("sec-fetch-site") in _OTHER_SITES:
            raise HTTPException(403)
        asked = forms.wish(await forms.fields(request), channel)
        try:
            await self.site.app.database(self.site.desk.ask, asked.understood(), self.site.now)
        except RequestError as error:
            form = await self._choices(asked.wish)
            return self.site.page("subscribe.html", form=form, wrong=dict(error.reasons))
        return self.site.told(
            "Look into your mail",
            f"We wrote to {asked.wish.address}. Open the link in that message to confirm; it works for two days.",
            "Nothing came? Look among the spam, or ask again in a while.",
        )

    async def confirmation(self, request: Request) -> Response:
        """What is about to be confirmed."""
        subscription = await self._mine(self.site.grant(request, Purpose.CONFIRM))
        return self.site.page("confirm.html", subscription=subscription, described=self._described(subscription))

    async def confirm(self, request: Request) -> Response:
        """Make the subscription work."""
        site, grant = self.site, self.site.grant(request, Purpose.CONFIRM)
        subscription = await site.app.database(site.desk.confirm, grant.subscription, site.now)
        link = {"url": self._preferences(subscription), "label": "See or change what you get"}
        said = f"Alerts go to {subscription.address} from now on."
        return site.told("You are subscribed", said, link=link)

    # --- changing ---------------------------------------------------------------------------------------------------

    async def preferences(self, request: Request) -> Response:
        """What somebody gets, and everything about it that can be changed."""
        grant = self.site.grant(request, Purpose.PREFERENCES)
        return await self._shown(await self.site.active(grant))

    async def change(self, request: Request) -> Response:
        """Save, pause, lift or end, by the button that was pressed."""
        grant = self.site.grant(request, Purpose.PREFERENCES)
        subscription = await self.site.active(grant)
        form = await forms.fields(request)
        if form.one("do") == "end":
            return await self._ended(grant)
        if form.one("do") == "lift":
            return await self._lift(subscription, form)
        if form.one("pause"):
            return await self._pause(subscription, form)
        return await self._save(subscription, form)

    async def _save(self, subscription: Subscription, form: Fields) -> Response:
        asked = forms.wish(form, subscription.channel)
        try:
            changed = await self.site.app.database(self.site.desk.change, subscription.id, asked.understood())
        except RequestError as error:
            return await self._shown(subscription, asked.wish, wrong=dict(error.reasons))
        return await self._shown(changed, notice="Saved.")

    async def _pause(self, subscription: Subscription, form: Fields) -> Response:
        if form.one("pause") not in dict(PAUSES):
            raise HTTPException(400)
        lasts = parse_span(form.one("pause"))
        wish = MuteWish(reader=subscription.id, lasts=lasts, author=subscription.name, reason="paused")
        await self.site.app.database(self.site.desk.mute, wish, self.site.now)
        return await self._shown(subscription, notice=f"Paused for {dict(PAUSES)[form.one('pause')]}.")

    async def _lift(self, subscription: Subscription, form: Fields) -> Response:
        await self.site.app.database(self.site.desk.lift, form.one("lift"), self.site.now, subscription.id)
        return await self._shown(subscription, notice="You hear of it again.")

    # --- ending -----------------------------------------------------------------------------------------------------

    async def farewell(self, request: Request) -> Response:
        """Asks once more; the button is what ends it."""
        subscription = await self._mine(self.site.grant(request, Purpose.UNSUBSCRIBE))
        return self.site.page("unsubscribe.html", subscription=subscription)

    async def unsubscribe(self, request: Request) -> Response:
        """End it, for the button and the one click of RFC 8058 alike: the link is the proof, the body is not read."""
        return await self._ended(self.site.grant(request, Purpose.UNSUBSCRIBE))

    async def _ended(self, grant: Grant) -> Response:
        site = self.site
        subscription = await site.app.database(site.desk.end, grant.subscription, site.now)
        again = {"url": "/subscribe", "label": "Subscribe again"} if site.settings.signup else None
        said = f"No more messages go to {subscription.address or subscription.name}."
        return site.told("You are unsubscribed", said, link=again)

    # --- how it is shown --------------------------------------------------------------------------------------------

    async def _mine(self, grant: Grant) -> Subscription:
        found = await self.site.subscription(grant)
        if found is None:
            raise HTTPException(404)
        return found

    @property
    def _channel(self) -> str:
        """The channel people subscribe to."""
        if not self.site.settings.signup:
            raise HTTPException(404)
        return self.site.settings.signup

    async def _shown(
        self,
        subscription: Subscription,
        asked: Wish | None = None,
        *,
        notice: str = "",
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        site = self.site
        muted = await site.app.database(site.desk.muted, subscription.id, site.now)
        return site.page(
            "preferences.html",
            subscription=subscription,
            described=self._described(subscription),
            muted=muted,
            form=await self._choices(asked or Wish.of(subscription)),
            pauses=PAUSES,
            notice=notice,
            wrong=wrong or {},
        )

    async def _choices(self, wish: Wish) -> dict[str, Any]:
        """What the form offers, and what of it is chosen."""
        offered, schedule = self.site.desk.offered, wish.schedule
        quiet = schedule.quiet
        return {
            "wish": wish,
            "rules": list(offered.rules.items()),
            "tags": [(tag, tag) for tag in offered.tags],
            "langs": [(lang, forms.LANGUAGES.get(lang, lang)) for lang in await self._langs(wish)],
            "severities": list(reversed(Severity)),
            "levels": [(severity, severities(severity)) for severity in Severity],
            "cadences": _CADENCES,
            "weekdays": [(day, day) for day in WEEKDAYS],
            "weekday": WEEKDAYS[schedule.weekday % 7],
            "zones": _ZONES,
            "at": clock(schedule.at),
            "quiet_from": clock(quiet.start) if quiet else "",
            "quiet_to": clock(quiet.end) if quiet else "",
            "passes": [(severity, severity) for severity in Severity if severity is not Severity.INFO],
            "passing": quiet.passes if quiet else Severity.HIGH,
        }

    async def _langs(self, wish: Wish) -> list[str]:
        feeds = await self.site.app.database(self.site.app.store.feeds)
        return sorted({*wish.langs, *(feed.lang for feed, _ in feeds if feed.lang)})

    def _described(self, subscription: Subscription) -> tuple[tuple[str, str], ...]:
        return described(subscription, self.site.desk.offered.rules)

    def _preferences(self, subscription: Subscription) -> str:
        return self.site.links.preferences(subscription.id, self.site.now)
