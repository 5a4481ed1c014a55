"""The plugins of Apprise that get messages in forms of their own."""

import warnings

with warnings.catch_warnings():  # they lean on modules that Python will drop
    warnings.simplefilter("ignore", DeprecationWarning)
    from apprise.plugins.email.base import NotifyEmail
    from apprise.plugins.email.smtp import SMTP_EXCEPTIONS, AppriseSMTPController
    from apprise.plugins.slack import NotifySlack
    from apprise.plugins.telegram import NotifyTelegram

__all__ = ["SMTP_EXCEPTIONS", "AppriseSMTPController", "NotifyEmail", "NotifySlack", "NotifyTelegram"]
