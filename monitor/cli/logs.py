"""Where log lines go: to stderr, readable on a terminal, one JSON object a line elsewhere."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Set up logging for a command that works for a while."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # libraries log addresses, and with them the passwords in them
    for noisy in ("httpx", "httpcore", "apprise", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
