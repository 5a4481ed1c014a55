"""Empties the outbox: one message after the other, each written down before the next, at the pace of its service."""

from monitor.sending.sender import Sender

__all__ = ["Sender"]
