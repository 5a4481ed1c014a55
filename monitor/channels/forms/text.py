"""Plain text: for services without a form of their own, and beside the HTML of a mail."""

from collections.abc import Iterator

from monitor.model import Message


def whole(message: Message) -> str:
    """The body, and below it the links of the message."""
    return "\n\n".join(filter(None, (message.body, *links(message))))


def links(message: Message) -> Iterator[str]:
    """The newest report, unless the body has it, and what a reader can do; one paragraph each."""
    if message.link not in message.body:
        yield message.link
    yield "\n".join(f"{action.label}: {action.url}" for action in message.actions)
    yield f"Unsubscribe: {message.unsubscribe}" if message.unsubscribe else ""
