"""The pages beside the service, in its event loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from monitor.app import App
from monitor.errors import ConfigError
from monitor.readers.signup import problems
from monitor.web.pages import pages
from monitor.web.server import bound, serving
from monitor.web.site import Site

log = structlog.get_logger()


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Answer requests for the length of the block, if the settings say where.

    Raises:
        ConfigError: Nobody could subscribe to the channel that is named for it.
        MonitorError: The address is taken.
    """
    settings, web = app.settings, app.settings.web
    if web is None or app.links is None:
        yield
        return
    if found := problems(settings, app.channels):
        raise ConfigError(found)
    listener = bound(web.host, web.port)
    site = Site(app=app, settings=web, links=app.links)
    async with serving(pages(site), listener):
        log.info("web.listening", host=web.host, port=web.port, url=web.public_url)
        yield
