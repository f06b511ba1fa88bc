"""A photo is shown without what it tells of its maker, whatever way it is built."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from kiosk.domain.errors import InputRefused
from sync.hub.operations.pictures import JPEG, PNG, WEBP, stripped

SECRET = b"CANARY-48.4306N-0.0914E"


def picture(kind: str, **how: object) -> bytes:
    image = Image.new("RGB", (64, 48), (200, 30, 30))
    image.putpixel((5, 7), (1, 2, 3))
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    out = io.BytesIO()
    image.save(out, kind, exif=exif.tobytes(), **how)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("kind", "media", "how"),
    [
        ("JPEG", JPEG, {}),
        ("JPEG", JPEG, {"progressive": True, "comment": SECRET}),
        ("PNG", PNG, {}),
        ("WEBP", WEBP, {}),
        ("WEBP", WEBP, {"lossless": True, "xmp": SECRET}),
    ],
)
def test_the_picture_stays_and_what_it_tells_goes(
    kind: str, media: str, how: dict[str, object]
) -> None:
    data = picture(kind, **how)
    assert SECRET in data
    found, clean = stripped(data)
    assert found == media
    assert SECRET not in clean
    assert pixels(clean) == pixels(data)
    assert stripped(clean) == (media, clean)


def test_texts_of_a_png_go() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    data = picture("PNG", pnginfo=texts)
    assert SECRET not in stripped(data)[1]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_appended_behind_the_picture_goes(kind: str) -> None:
    data = picture(kind)
    assert SECRET * 2 not in stripped(data + SECRET * 2)[1]
    assert pixels(stripped(data + SECRET * 2)[1]) == pixels(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@given(part=st.floats(min_value=0, max_value=0.99))
def test_a_cut_picture_is_refused(kind: str, part: float) -> None:
    data = picture(kind)
    with pytest.raises(InputRefused):
        stripped(data[: int(len(data) * part)])


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b""]),
    st.binary(max_size=200),
)
def test_noise_is_refused_or_stripped_and_nothing_else(head: bytes, noise: bytes) -> None:
    try:
        media, _ = stripped(head + noise)
    except InputRefused:
        return
    assert media in {JPEG, PNG, WEBP}


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff\xe0\x00\x02\x00\x00", b"RIFF1234WAVE"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InputRefused):
        stripped(data)


def test_restarts_and_filled_markers_are_part_of_a_scan() -> None:
    scan = b"\xff\xda\x00\x04ab" + b"x\xff\x00y\xff\xd0z\xff\xff\xd9"
    assert stripped(b"\xff\xd8" + scan)[1] == b"\xff\xd8" + scan


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe1\x00\x04abno marker here",
        b"\xff\xd8" + b"\xff\xfe\x00\x02" * 20_001,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0teXt\0\0\0\0" * 20_001,
        b"RIFF" + (4 + 8 * 20_001).to_bytes(4, "little") + b"WEBP" + b"ABCD\0\0\0\0" * 20_001,
    ],
)
def test_a_picture_of_absurd_parts_is_refused(data: bytes) -> None:
    with pytest.raises(InputRefused):
        stripped(data)
