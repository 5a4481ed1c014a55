"""Where log lines go: to stderr, readable on a terminal, one JSON object a line elsewhere."""

import logging
import sys

import structlog


def configure(level: int = logging.INFO) -> None:
    """Set up logging for a command that works for a while."""
    terminal = sys.stderr.isatty()
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal)
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(pad_event_to=0, exception_formatter=structlog.dev.plain_traceback)]
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, stamp, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    # libraries log addresses, and with them the passwords in them
    for noisy in ("httpx", "httpcore", "apprise", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
