from media.models.covers import Cover
from media.models.films import Film
from media.models.narrations import Narration
from media.models.pictures import Attachment, Picture, PictureRendition
from media.models.stages import Stage
from media.models.thumbnails import Thumbnail
from media.models.uploads import Upload
from media.models.videos import Rendition, Video

__all__ = [
    "Attachment",
    "Cover",
    "Film",
    "Narration",
    "Picture",
    "PictureRendition",
    "Rendition",
    "Stage",
    "Thumbnail",
    "Upload",
    "Video",
]
