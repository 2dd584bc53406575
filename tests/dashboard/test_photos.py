"""A stranger's photo keeps its picture and loses everything else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from dashboard.photos import MAX_BYTES, PhotoRefused, rebuilt

SECRET = b"16 30 N 102 50 E Somchai"


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 40), mode: str = "RGB", **saved: Any) -> bytes:
    image = Image.new(mode, size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))  # the upper left quarter
    out = io.BytesIO()
    image.save(out, kind, **saved)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = SECRET.decode()
    found.get_ifd(0x8825)[1] = "N"
    return found


def read(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_pixels_is_kept(kind: str) -> None:
    extra: dict[str, Any] = {"exif": exif(), "icc_profile": SECRET}
    if kind == "JPEG":
        extra["comment"] = SECRET
    if kind == "PNG":
        extra["pnginfo"] = PngImagePlugin.PngInfo()
        extra["pnginfo"].add_text("Author", SECRET.decode())
    before = picture(kind, **extra)
    assert SECRET in before
    made = rebuilt(before + SECRET)
    assert SECRET not in made
    after = read(made)
    assert after.format == "JPEG"
    assert not after.getexif()
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_sideways_stands_upright() -> None:
    made = read(rebuilt(picture(exif=exif(6))))
    assert made.size == (40, 80)
    corner = made.getpixel((39, 0))
    assert isinstance(corner, tuple)
    assert corner[0] > 200
    assert corner[1] < 80


def test_a_large_photo_becomes_small_and_keeps_its_shape() -> None:
    assert read(rebuilt(picture(size=(4000, 3000)))).size == (1600, 1200)
    assert read(rebuilt(picture("PNG", size=(500, 2000)))).size == (400, 1600)


def test_what_can_be_seen_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert read(rebuilt(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


def test_the_first_view_of_a_telephone_that_takes_two_is_kept() -> None:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")])
    assert read(rebuilt(out.getvalue())).size == (90, 60)


def moving() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo.not_one"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo.not_one"),
        (b"%PDF-1.7", "photo.not_one"),
        (b"\xff\xd8\xff\xe0 cut off", "photo.not_one"),
        (picture()[:300], "photo.not_one"),
        (picture("GIF"), "photo.not_one"),
        (picture("TIFF"), "photo.not_one"),
        (picture("PNG", size=(6000, 4001), mode="L"), "photo.too_many_pixels"),
        (picture("PNG", size=(30000, 30000), mode="1"), "photo.too_many_pixels"),
        (b"\0" * (MAX_BYTES + 1), "photo.too_big"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic"),
        (moving(), "photo.moving"),
    ],
    ids=range(12),
)
def test_anything_else_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        rebuilt(content)
    assert refused.value.code == code


@given(st.binary(max_size=200), st.sampled_from([picture(), picture("PNG"), picture("WEBP")]), st.integers(0, 200))
def test_damaged_pictures_are_refused_or_become_pictures(noise: bytes, whole: bytes, at: int) -> None:
    try:
        made = rebuilt(whole[:at] + noise + whole[at + len(noise) :])
    except PhotoRefused:
        return
    assert read(made).format == "JPEG"
