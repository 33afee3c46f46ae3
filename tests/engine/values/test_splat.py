"""Splats come back from PLY to the bit, from SPZ and .splat as near as these round, and lying files are refused."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.support.properties import examples
from tests.support.sample_values import a_splat

from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values import Splat
from diorama.values.mesh import Floats
from diorama.values.splat_ply import PROPERTIES, read_ply, write_ply
from diorama.values.splat_rows import read_rows, write_rows
from diorama.values.splat_spz import read_spz, write_spz

Read = Callable[[bytes], Splat]


@st.composite
def splats(draw: st.DrawFn, most: float = 1e6) -> Splat:
    count = draw(st.integers(0, 12))
    far = float(np.float32(most))

    def rows(width: int | None, bound: float) -> Floats:
        shape = (count,) if width is None else (count, width)
        return draw(arrays(np.float32, shape, elements=st.floats(-bound, bound, width=32)))

    return Splat(rows(3, far), rows(3, 30.0), rows(4, 2.0), rows(None, 30.0), rows(3, 3.0))


def equal(one: Splat, other: Splat) -> bool:
    columns = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(Splat)]
    return all(np.array_equal(a, b) and a.dtype == b.dtype == np.float32 for a, b in columns)


@given(splats())
@examples(60)
def test_a_splat_comes_back_from_its_bytes_to_the_bit(splat: Splat) -> None:
    content = splat.encode()
    assert equal(Splat.decode(content), splat)
    assert Splat.decode(content).encode() == content


@given(splats())
@examples(30)
def test_making_it_again_and_turning_it_twice_move_nothing(splat: Splat) -> None:
    made = Splat(splat.positions, splat.log_scales, splat.rotations, splat.opacity_logits, splat.colors)
    assert equal(made, splat)
    assert equal(splat.flipped().flipped(), splat)
    lengths = np.sqrt((splat.rotations.astype(np.float64) ** 2).sum(axis=1))
    assert np.allclose(lengths, 1, atol=2e-4)


@given(splats(most=100.0))
@examples(60)
def test_spz_keeps_it_as_near_as_its_bytes_tell(splat: Splat) -> None:
    near = read_spz(write_spz(splat))
    assert np.abs(near.positions - splat.positions).max(initial=0) <= 2.0**-16
    assert np.abs(near.log_scales - splat.log_scales.clip(-10, 5.9375)).max(initial=0) <= 1 / 32 + 1e-6
    assert np.abs(near.opacities - splat.opacities).max(initial=0) <= 0.5 / 255 + 1e-5
    assert np.abs(near.colors - splat.colors.clip(-0.5 / 0.15, 0.5 / 0.15)).max(initial=0) <= 0.5 / 255 / 0.15 + 1e-5
    assert alike(near.rotations, splat.rotations)


@given(splats(most=1000.0))
@examples(60)
def test_dot_splat_keeps_it_as_near_as_its_bytes_tell(splat: Splat) -> None:
    if not splat.count:
        with pytest.raises(BadInput, match="0 bytes"):
            read_rows(write_rows(splat))
        return
    near = read_rows(write_rows(splat))
    # Its rows are in another order: each is found again by its place, where no two share one.
    if len(np.unique(splat.positions, axis=0)) < splat.count:
        return
    a, b = np.lexsort(splat.positions.T), np.lexsort(near.positions.T)
    assert np.array_equal(near.positions[b], splat.positions[a])
    assert np.allclose(near.scales[b], np.maximum(splat.scales[a], 1e-8), rtol=1e-5)
    assert np.abs(near.shades[b] - splat.shades[a]).max() <= 0.5 / 255 + 1e-6
    assert np.abs(near.opacities[b] - splat.opacities[a]).max() <= 0.5 / 255 + 1e-5
    assert alike(near.rotations[b], splat.rotations[a])


def alike(one: Floats, other: Floats) -> bool:
    """Whether rotations are as near as bytes tell; both signs turn alike. Near nought w, which SPZ omits, is unsure."""
    return bool((np.abs((one * other).sum(axis=1)) > 0.98).all())


def test_up_is_down_in_ply_and_up_in_spz() -> None:
    one = Splat.of(
        np.array([[1, 2, 3]], np.float32),
        np.full((1, 3), 0.1, np.float32),
        np.array([[0, 0, 0, 1]], np.float32),
        np.ones(1, np.float32),
        np.ones((1, 3), np.float32),
    )
    assert read_ply(one.encode()).positions.tolist() == [[1, -2, -3]]
    assert np.allclose(read_spz(write_spz(one)).positions, [[1, 2, 3]], atol=1e-4)
    assert np.allclose(Splat.decode(write_spz(one)).positions, one.positions, atol=1e-4)


def test_the_properties_are_those_that_training_writes() -> None:
    head = a_splat(5).encode().partition(b"end_header\n")[0].decode().splitlines()
    assert head[:3] == ["ply", "format binary_little_endian 1.0", "element vertex 5"]
    assert head[3:] == [f"property float {name}" for name in PROPERTIES]


def test_a_file_of_training_is_read_past_what_is_not_kept() -> None:
    """Normals, harmonics of higher degrees, doubles, big ends first, and other elements before and behind."""
    splat = a_splat(3)
    names = ["x", "y", "z", "nx", "ny", "nz", *PROPERTIES[3:6], "f_rest_0", "f_rest_1", *PROPERTIES[6:]]
    own = np.frombuffer(write_ply(splat).partition(b"end_header\n")[2], "<f4").reshape(3, -1)
    wide = np.full((3, len(names)), 9.0)
    for column, name in enumerate(PROPERTIES):
        wide[:, names.index(name)] = own[:, column]
    lines = ["ply", "format binary_big_endian 1.0", "comment by hand", "element camera 2", "property uchar id"]
    lines += ["element vertex 3", *(f"property double {name}" for name in names)]
    lines += ["element face 1", "property list uchar int vertex_indices", "end_header", ""]
    content = "\r\n".join(lines).encode() + b"\1\2" + wide.astype(">f8").tobytes() + b"\3"
    assert equal(read_ply(content), splat)


def test_a_rotation_in_four_bytes_is_read() -> None:
    """Version 3 of SPZ: the largest part is left out, the others have a sign and nine bits."""
    parts = (0.1, -0.3, 0.2)
    word = 3 << 30
    for place, part in zip((20, 10, 0), parts, strict=True):
        word |= ((1 << 9 if part < 0 else 0) | round(abs(part) / np.sqrt(0.5) * 511)) << place
    body = bytes(9) + bytes([255]) + bytes(3) + bytes(3) + struct.pack("<I", word)
    found = read_spz(gzip.compress(struct.pack("<4sIIBBBB", b"NGSP", 3, 1, 0, 12, 0, 0) + body)).rotations[0]
    assert np.allclose(found, [*parts, np.sqrt(1 - 0.14)], atol=0.002)


def header(count: object = 1, kind: str = "binary_little_endian", names: tuple[str, ...] = PROPERTIES) -> bytes:
    lines = ["ply", f"format {kind} 1.0", f"element vertex {count}", *(f"property float {name}" for name in names)]
    return "\n".join([*lines, "end_header", ""]).encode()


def spz(count: int = 1, *, version: int = 2, degree: int = 0, bits: int = 12, body: bytes = bytes(19)) -> bytes:
    return gzip.compress(struct.pack("<4sIIBBBB", b"NGSP", version, count, degree, bits, 0, 0) + body)


def broken(column: str, value: float) -> bytes:
    rows = np.ones((2, len(PROPERTIES)), "<f4")
    rows[1, PROPERTIES.index(column)] = value
    return header(2) + rows.tobytes()


ROW = bytes(56)
HOSTILE: dict[str, tuple[Read, bytes, str]] = {
    "nothing": (read_ply, b"", "0 bytes given are no PLY"),
    "a page": (read_ply, b"<html>", "no PLY"),
    "a header without an end": (read_ply, header()[:-12], "no end within"),
    "a header of a megabyte": (read_ply, b"ply\n" + b"comment x\n" * 100_000 + b"end_header\n", "no end within"),
    "text": (read_ply, header(kind="ascii") + ROW, "'ascii', but binary_little_endian or"),
    "no format": (read_ply, b"ply\nelement vertex 1\nend_header\n", "format is none"),
    "no vertices": (read_ply, b"ply\nformat binary_little_endian 1.0\nend_header\n", "no element `vertex`"),
    "a mesh": (read_ply, header(names=("x", "y", "z")) + bytes(12), "no 'f_dc_0'"),
    "a property twice": (read_ply, header(names=(*PROPERTIES, "x")) + bytes(60), "property twice"),
    "one row short": (read_ply, header(2) + ROW, "2 gaussians take 112 bytes from byte"),
    "cut in a row": (read_ply, header(1) + ROW[:-1], "but 55 follow"),
    "more rows than there is memory": (read_ply, header(10**11), "100,000,000,000 gaussians, but at most"),
    "a count without end": (read_ply, header("9" * 40), "counts elements wrongly"),
    "a count below nought": (read_ply, header(-1), "counts elements wrongly"),
    "a count that is a word": (read_ply, header("many"), "counts elements wrongly"),
    "a property of no type": (read_ply, header().replace(b"float x", b"quad x"), "no known type: 'property quad x'"),
    "a property before any element": (
        read_ply,
        b"ply\nformat binary_little_endian 1.0\nproperty float x\nend_header\n",
        "before any element",
    ),
    "lists before the gaussians": (
        read_ply,
        header().replace(b"element vertex", b"element face 9\nproperty list uchar int i\nelement vertex"),
        "'face' holds lists",
    ),
    "lists in the gaussians": (
        read_ply,
        header().replace(b"end_header", b"property list uchar int i\nend_header") + ROW,
        "'vertex' holds lists",
    ),
    "elements before that are not there": (
        read_ply,
        header().replace(b"element vertex", b"element camera 999999999\nproperty int i\nelement vertex"),
        "but 0 follow",
    ),
    "a place that is no number": (read_ply, broken("y", float("nan")), "position of gaussian 1 is no number"),
    "a place without end": (read_ply, broken("z", float("inf")), "position of gaussian 1 is no number"),
    "a place far away": (read_ply, broken("z", 1e9), "gaussian 1 is 1e"),
    "a scale that is no number": (read_ply, broken("scale_0", float("nan")), "scale of gaussian 1 is no number"),
    "a turn that is no number": (read_ply, broken("rot_0", float("nan")), "rotation of gaussian 1 is no number"),
    "a colour without end": (read_ply, broken("f_dc_2", float("inf")), "color of gaussian 1 is no number"),
    "no gzip": (read_spz, b"\x1f\x8bwords", "SPZ is damaged"),
    "gzip of something else": (read_spz, gzip.compress(b"words" * 9), "no SPZ"),
    "gzip of little": (read_spz, gzip.compress(b"NG"), "16 bytes are wanted, but 2"),
    "a version to come": (read_spz, spz(version=9), "version 9, but version 2 or 3"),
    "harmonics without end": (read_spz, spz(degree=200), "degree 200"),
    "a point beyond all bits": (read_spz, spz(bits=99), "99 bits after the point"),
    "columns cut short": (read_spz, spz(2), "38 bytes are wanted, but 19"),
    "more columns than said": (read_spz, spz(body=bytes(20)), "goes on after its 1 gaussians"),
    "more gaussians than there is memory": (read_spz, spz(2**32 - 1), "4,294,967,295 gaussians, but at most"),
    "cut within gzip": (read_spz, spz()[:-12], "SPZ"),
    "rows that are cut": (read_rows, bytes(33), "33 bytes, but 32 for each"),
    "no rows": (read_rows, b"", "0 bytes"),
    "a radius below nought": (
        read_rows,
        struct.pack("<6f8B", 0, 0, 0, 1, -1, 1, *bytes(8)),
        "scale of gaussian 0 is -1",
    ),
    "a radius that is no number": (
        read_rows,
        struct.pack("<6f8B", 0, 0, 0, 1, float("nan"), 1, *bytes(8)),
        "scale of gaussian 0 is nan",
    ),
    "a row that is nowhere": (
        read_rows,
        struct.pack("<6f8B", float("nan"), 0, 0, 1, 1, 1, *bytes(8)),
        "position of gaussian 0 is no number",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_lies_is_refused_with_a_sentence(case: str) -> None:
    read, content, says = HOSTILE[case]
    with pytest.raises(BadInput) as caught:
        read(content)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 250


def test_a_bomb_is_unpacked_no_further_than_its_gaussians() -> None:
    """64 MiB of noughts behind one gaussian: refused before they are there."""
    packing = zlib.compressobj(1, wbits=31)
    pieces = [packing.compress(struct.pack("<4sIIBBBB", b"NGSP", 2, 1, 0, 12, 0, 0) + bytes(19))]
    pieces += [packing.compress(bytes(2**20)) for _ in range(64)]
    content = b"".join([*pieces, packing.flush()])
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="goes on after"):
            read_spz(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 2**20


@given(st.binary(max_size=400), st.integers(0, 2))
@examples(200)
def test_any_bytes_are_read_or_refused(junk: bytes, kind: int) -> None:
    starts = (header(3), struct.pack("<4sIIBBBB", b"NGSP", 2, 3, 0, 12, 0, 0), b"")
    content = starts[kind] + junk
    with suppress(BadInput):
        (read_ply, lambda given: read_spz(gzip.compress(given)), read_rows)[kind](content)


def test_the_count_is_bounded_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MAX_GAUSSIANS", "39")
    limits.cache_clear()
    try:
        for read, content in ((read_ply, a_splat().encode()), (read_spz, write_spz(a_splat()))):
            with pytest.raises(BadInput, match="40 gaussians, but at most 39"):
                read(content)
        with pytest.raises(BadInput, match="40 gaussians, but at most 39"):
            read_rows(write_rows(a_splat()))
    finally:
        monkeypatch.undo()
        limits.cache_clear()


def test_spz_reaches_as_far_as_a_splat_may() -> None:
    far = replace(a_splat(1), positions=np.array([[1e6, -1e6, 0.25]], np.float32))
    assert np.allclose(read_spz(write_spz(far)).positions, far.positions, atol=0.26)
