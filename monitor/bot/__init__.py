"""People subscribe, mute and take care of alerts in a Telegram chat, without a file or a login."""
