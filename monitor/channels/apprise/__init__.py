"""Sends through Apprise: Slack, Telegram, mail and some 170 other services, one target for each URL."""
