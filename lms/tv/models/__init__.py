from lms.tv.models.playlists import Playlist, PlaylistItem, PlaylistTime
from lms.tv.models.televisions import Pairing, Television, TelevisionPerson

__all__ = [
    "Pairing",
    "Playlist",
    "PlaylistItem",
    "PlaylistTime",
    "Television",
    "TelevisionPerson",
]
