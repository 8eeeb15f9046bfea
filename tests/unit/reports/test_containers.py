"""From what a person names to the bytes of single files; bombs are refused early."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from refloat.reports.containers import Blob, Budget, blobs


def found(*arguments: object, limit: int | None = None) -> list[Blob]:
    return list(blobs([str(argument) for argument in arguments], Budget(limit)))


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"sku\n")
    (blob,) = found(path)
    assert (bytes(blob.data), blob.marketplace, blob.whole, blob.path) == (b"sku\n", None, True, None)
    assert blob.written_at is not None


def test_a_large_file_is_mapped_and_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * (2 << 20))
    (blob,) = found(path)
    assert not isinstance(blob.data, bytes)
    assert blob.path == path


def test_a_marketplace_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"sku\n")
    assert [blob.marketplace for blob in found(f"DE={path}", f"gb={path}", f"A1VC38T7YXB528={path}")] == ["DE", "UK", "JP"]


def test_a_file_whose_name_holds_an_equals_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("DE=x.txt").write_bytes(b"sku\n")
    (blob,) = found("DE=x.txt")
    assert (blob.name, blob.marketplace) == ("DE=x.txt", None)


def test_a_folder_is_read_whole_and_its_parts_name_marketplaces(tmp_path: Path) -> None:
    for name in ("DE/a.txt", "JP/deep/b.txt", "c.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"sku\n")
    assert [(Path(blob.name).name, blob.marketplace) for blob in found(tmp_path)] == [("a.txt", "DE"), ("b.txt", "JP"), ("c.txt", None)]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, place in (("-", None), ("FR=-", "FR")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"sku\nA\n"))))
        (blob,) = found(given)
        assert (blob.name, blob.data, blob.marketplace) == ("-", b"sku\nA\n", place)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there is said so, and the others are read."""
    (tmp_path / "a.txt").write_bytes(b"sku\n")
    gone, there = found(tmp_path / "none.txt", tmp_path / "a.txt")
    assert gone.trouble is not None
    assert (gone.trouble.code, gone.whole, there.data) == ("cannot-open", False, b"sku\n")


def test_gzip_under_a_plain_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(gzip.compress(b"sku\n") + gzip.compress(b"A\n") + b"\0" * 9)
    (blob,) = found(tmp_path / "a.txt")
    assert (blob.data, blob.whole, blob.trouble) == (b"sku\nA\n", True, None)


def test_gzip_that_was_cut_gives_what_arrived(tmp_path: Path) -> None:
    text = "".join(f"row {number * 7919}\n" for number in range(20_000)).encode()
    packed = gzip.compress(text)
    (tmp_path / "a.gz").write_bytes(packed[: len(packed) // 2])
    (blob,) = found(tmp_path / "a.gz")
    assert not blob.whole
    assert blob.trouble is not None
    assert blob.trouble.code == "archive-cut"
    assert len(blob.data) > 1000
    assert text.startswith(bytes(blob.data))


def test_a_zip_with_folders_and_gzip_inside(tmp_path: Path) -> None:
    inner = zipped({"UK/c.txt": b"c"})
    (tmp_path / "all.zip").write_bytes(zipped({"DE/a.txt": b"a", "FR/b.txt.gz": gzip.compress(b"b"), "more.zip": inner, "__MACOSX/DE/._a.txt": b"no"}))
    blobs_ = found(tmp_path / "all.zip")
    assert [(blob.name.split("all.zip/")[1], blob.data, blob.marketplace) for blob in blobs_] == [
        ("DE/a.txt", b"a", "DE"),
        ("FR/b.txt.gz", b"b", "FR"),
        ("more.zip/UK/c.txt", b"c", "UK"),
    ]


def test_a_marketplace_given_for_a_zip_holds_for_all_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"FR/a.txt": b"a"}))
    assert [blob.marketplace for blob in found(f"DE={tmp_path / 'a.zip'}")] == ["DE"]


def test_a_damaged_zip_is_told(tmp_path: Path) -> None:
    whole = zipped({"a.txt": b"sku\n" * 1000})
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "bad.zip").write_bytes(whole[:40] + b"\xff" * 10 + whole[50:])
    assert [(blob.trouble.code if blob.trouble else None, blob.whole) for blob in found(tmp_path / "cut.zip", tmp_path / "bad.zip")] == [("archive-damaged", False), ("archive-cut", False)]


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None])
def test_excel_workbooks_are_refused_by_name(tmp_path: Path, start: bytes | None) -> None:
    (tmp_path / "a.txt").write_bytes(start or zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}))
    (blob,) = found(tmp_path / "a.txt")
    assert blob.trouble is not None
    assert (blob.trouble.code, blob.data) == ("excel-workbook", b"")


def refused(path: Path, limit: int | None = None) -> bool:
    """Did it end as too large, and empty?"""
    last = found(path, limit=limit)[-1]
    return last.trouble is not None and last.trouble.code == "too-large" and last.data == b""


def test_what_unpacks_to_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(range(256)) * 40))
    (tmp_path / "b.zip").write_bytes(zipped({"a.txt": b"x" * 600, "b.txt": b"y" * 600}))
    assert len(found(tmp_path / "a.gz", limit=10_240)) == 1
    for name in ("a.gz", "b.zip"):
        assert refused(tmp_path / name, limit=1_100)


def test_the_limit_is_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 600))
    first, second = found(tmp_path / "a.gz", tmp_path / "a.gz", limit=1_000)
    assert first.trouble is None
    assert second.trouble is not None
    assert second.trouble.code == "too-large"


def test_packed_again_and_again_is_refused(tmp_path: Path) -> None:
    data = b"sku\n"
    for _ in range(6):
        data = gzip.compress(data)
    (tmp_path / "a.gz").write_bytes(data)
    assert refused(tmp_path / "a.gz")


_BOMB = """
import resource, sys
from refloat.reports.containers import Budget, blobs
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
*_, last = blobs([sys.argv[1]], Budget())
if last.trouble and last.trouble.code == "too-large":
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("kind", ["gzip", "zip", "gzip in gzip"])
def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path, kind: str) -> None:
    """Much of nothing, which the limit would allow, costs less than 100 MiB."""
    zeros = b"\0" * (1 << 20)
    bomb = io.BytesIO()
    if kind.startswith("gzip"):
        with gzip.GzipFile(fileobj=bomb, mode="wb", compresslevel=6) as out:
            for _ in range(192):
                out.write(zeros)
        data = gzip.compress(bomb.getvalue()) if kind.endswith("gzip in gzip") else bomb.getvalue()
    else:
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w", force_zip64=True) as out:
            for _ in range(192):
                out.write(zeros)
        data = bomb.getvalue()
    (tmp_path / "bomb").write_bytes(data)
    ran = subprocess.run([sys.executable, "-c", _BOMB, str(tmp_path / "bomb")], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert int(ran.stdout) < 100
