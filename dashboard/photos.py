"""Photos of strangers: decoded, and built again from nothing but their pixels.

What is kept holds no place, no date, no make of a telephone, no comment and no colour profile. Whatever Pillow does not
take for one of three kinds of picture is refused.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from geo.errors import WatchError

__all__ = ["MAX_BYTES", "MAX_PIXELS", "PhotoRefused", "rebuilt"]

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 24_000_000
WIDEST = 1_600
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypheis", b"ftypmif1", b"ftypmsf1", b"ftypavif")


class PhotoRefused(WatchError):
    """A photo cannot be taken; ``code`` begins with ``photo.``."""


def rebuilt(content: bytes) -> bytes:
    """A JPEG at most 1,600 pixels wide or high with the same picture, the right way up, and nothing else in it.

    Raises
    ------
    PhotoRefused
        ``photo.too_big``, ``photo.heic``, ``photo.too_many_pixels``, ``photo.moving``, ``photo.not_one``.
    """
    if len(content) > MAX_BYTES:
        raise PhotoRefused("photo.too_big", mb=MAX_BYTES // 2**20)
    if content[4:12] in _HEIC:
        raise PhotoRefused("photo.heic")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _pixels(picture)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # decoders of damaged pictures raise nearly anything
        raise PhotoRefused("photo.not_one") from error


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused("photo.too_many_pixels", megapixels=MAX_PIXELS // 1_000_000)


def _pixels(picture: Image.Image) -> bytes:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:  # telephones put a second view into a JPEG
        raise PhotoRefused("photo.moving")
    picture.draft("RGB", (WIDEST, WIDEST))  # a large JPEG is decoded at half or a quarter: less memory, same result
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat = upright.convert("RGB")
    flat.thumbnail((WIDEST, WIDEST))
    bare = Image.frombytes(
        "RGB", flat.size, flat.tobytes()
    )  # pixels alone: whatever hung on the old image stays behind
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
