"""What must not land in the repository: where packages came from, and paths of somebody's machine."""

from __future__ import annotations

import re

import pytest
from tests.house.tree import ROOT, text_files

#: Hosts of package registries and of those who copy them, in two pieces, so that this file does not name them.
_HOSTS = [
    left + right
    for left, right in (
        ("pypi", ".org"), ("python", "hosted.org"), ("pypi", ".python.org"), ("tuna.", "tsinghua"), ("mirrors.", "aliyun"), ("mirrors.", "ustc"),
        ("pypi.", "douban"), ("mirror.", "baidu"), ("anaconda", ".org"), ("registry.", "npmjs"), ("registry.", "yarnpkg"), ("npm", "mirror.com"), ("un", "pkg.com"),
        ("js", "delivr"), ("crates", ".io/api"), ("static.", "crates"), ("ruby", "gems.org"), ("proxy.", "golang"), ("repo1.", "maven"), ("artifact", "ory"), ("devpi", "."),
        ("deb.", "debian.org"), ("ftp.", "debian.org"), ("archive.", "ubuntu"),
    )
]  # fmt: skip
#: A folder of one person's machine: a home, a mounted workspace, a drive.
_PATHS = re.compile(r"(?<![\w./~-])/(?:wor[k]|far[m]|hom[e]/\w|Use[r]s/\w|roo[t]/|op[t]/\w|mn[t]/\w|var/fold[e]rs)(?:/[\w.]|\w)|\b[A-Z]:\\Use[r]s")
_PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?==[^\s;\\]+(?: ; [^\\]+)? \\$")


def test_no_file_names_a_package_registry() -> None:
    """Where packages are fetched from is the business of the machine that fetches them."""
    assert [(path, host) for path, text in text_files() for host in _HOSTS if host in text.lower()] == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    """A path that exists on one machine only helps nobody else."""
    assert [(path, match.group()) for path, text in text_files() if (match := _PATHS.search(text))] == []


def test_no_lock_format_that_remembers_registries() -> None:
    """Requirements files with hashes, and no format that records where a package came from."""
    assert [path for path, _ in text_files() if path.rsplit("/", 1)[-1] in {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml", "package-lock.json", "yarn.lock"}] == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_everything_installed_is_pinned_and_hashed(name: str) -> None:
    """Every line of a requirements file is one exact version with its hashes; no option, no address."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    entries: list[list[str]] = []
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("    --hash=sha256:"):
            entries[-1].append(line)
        else:
            entries.append([line])
    assert entries
    assert [entry[0] for entry in entries if not _PIN.match(entry[0])] == []
    assert [entry[0] for entry in entries if len(entry) < 2] == []
    assert [hashed for entry in entries for hashed in entry[1:] if not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", hashed)] == []


def test_the_sets_build_on_each_other() -> None:
    """What a seller runs is tested in the same version, and measured in the same version."""
    pins = {name: dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE)) for name in ("run", "test")}
    assert pins["run"].items() <= pins["test"].items()


@pytest.mark.parametrize("path", ["/wor" + "k/main", "see /hom" + "e/anna/x", "C:" + "\\Users" + "\\anna"])
def test_the_search_for_paths_finds_them(path: str) -> None:
    """The pattern is not blind."""
    assert _PATHS.search(path)
