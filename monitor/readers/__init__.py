"""What a reader may ask for: to subscribe, change, mute, acknowledge. The same for web pages, commands and chats."""

from monitor.readers.desk import Acknowledged, Desk
from monitor.readers.mutes import PREVIEW, MuteWish
from monitor.readers.wishes import Catalogue, Wish, catalogue

__all__ = ["PREVIEW", "Acknowledged", "Catalogue", "Desk", "MuteWish", "Wish", "catalogue"]
