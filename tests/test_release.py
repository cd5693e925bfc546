"""`make check-release`: each check finds what it is for, in a small project that is broken in one place."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from typer.testing import CliRunner

from vgan.release import licences, options, outside, pages, shipped, sizes, versions
from vgan.release import result as results
from vgan.release.__main__ import main
from vgan.release.checks import CHECKS, Checked, carried_out, table
from vgan.release.result import FAILED, OK, SKIPPED, Place, Result

HEAD = """---
title: T
sdk: gradio
sdk_version: 6.31.0
python_version: "3.11"
app_file: app.py
license: apache-2.0
short_description: Short
---
# T

See [the other](docs/other.md#a-part) and ![it](assets/readme/a.png).
"""
FILES = {
    "README.md": HEAD,
    "docs/other.md": "# Other\n\n## A part\n\n```\nmake app\npython -m vgan models list\n```\n",
    "CHANGELOG.md": "# Changes\n\n## 1.2.0\n",
    "Makefile": "app: x\n\techo\n",
    "app.py": "",
    "pyproject.toml": '[project]\nname = "t"\nversion = "1.2.0"\nrequires-python = ">=3.11"\nlicense = "Apache-2.0"\n',
    "requirements.txt": "gradio[mcp]>=6.20,<7 # why\nnumpy>=1.26,<3\n",
    "requirements-dev.txt": "-r requirements.txt\npytest>=8\n",
    "vgan/__init__.py": '__version__ = "1.2.0"\n',
    "assets/README.md": "# Assets\n\n| folder | what |\n|---|---|\n| `readme/` | ours: Apache-2.0 |\n",
    "assets/readme/a.png": "\x89",
    "weights/looks/README.md": "---\nlicense: apache-2.0\n---\n# L\n\n| what | dB |\n|---|---|\n| PSNR | 31.2 |\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A project in which every check that needs no network is content."""
    root = tmp_path / "clone"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    save_file({"w": np.ones((2, 3), np.float32)}, root / "weights" / "looks" / "model.safetensors")
    return Place(root, Path(sys.executable), tmp_path, tmp_path, Path("/where/it/was/made"))


def change(path: str, old: str, new: str) -> Callable[[Place], object]:
    def act(place: Place) -> object:
        file = place.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        return file.write_text(text.replace(old, new), encoding="utf-8")

    return act


def write(path: str, data: bytes | str) -> Callable[[Place], object]:
    def act(place: Place) -> object:
        file = place.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.write_bytes(data if isinstance(data, bytes) else data.encode())

    return act


def remove(path: str) -> Callable[[Place], object]:
    return lambda place: (place.root / path).unlink()


STATIC = {
    "versions": versions.check,
    "assets": shipped.assets,
    "pickles": shipped.pickles,
    "sizes": sizes.sizes,
    "secrets": sizes.secrets,
    "links": pages.links,
}
TOKEN = "hf_" + "a1B2c3D4e5" * 4
BROKEN = [
    ("versions", change("vgan/__init__.py", "1.2.0", "1.2.1"), "vgan.__version__ is 1.2.1, pyproject.toml says 1.2.0"),
    ("versions", change("README.md", "6.31.0", "7.0.0"), "sdk_version 7.0.0 is outside"),
    ("versions", change("README.md", '"3.11"', '"3.9"'), "python_version 3.9 is not >=3.11"),
    ("versions", change("README.md", "license: apache-2.0", "license: mit"), "license mit is not"),
    ("versions", change("README.md", "app_file: app.py", "app_file: run.py"), "app_file run.py is not there"),
    ("versions", change("README.md", "short_description: Short\n", ""), "its head has no short_description"),
    ("versions", change("README.md", ": Short", ": " + "x" * 61), "longer than 60"),
    ("versions", change("requirements.txt", "numpy>=1.26,<3", "numpy"), "numpy has no lower bound"),
    ("versions", change("requirements.txt", "numpy>=1.26,<3", "numpy>=99"), "99 is asked for"),
    ("versions", change("requirements-dev.txt", "pytest>=8", "numpy>=1,<1.20"), "contradicts numpy"),
    ("versions", change("CHANGELOG.md", "1.2.0", "1.1.0"), "its first heading is not 1.2.0"),
    ("versions", remove("CHANGELOG.md"), "its first heading is not 1.2.0"),
    ("assets", change("assets/README.md", "Apache-2.0", "no idea"), "assets/readme: assets/README.md does not say"),
    ("assets", write("assets/new/a.png", "x"), "assets/new: assets/README.md does not say"),
    ("pickles", write("weights/looks/model.pt", "x"), "model.pt: a file of a kind that holds pickles"),
    ("pickles", write("docs/data", b"\x80\x04\x95hello"), "docs/data: holds a pickle"),
    ("pickles", write("docs/zip", b"PK\x03\x04....archive/data.pkl"), "docs/zip: holds a pickle"),
    ("sizes", write("assets/readme/big.png", b"\0" * 10_000_001), "big.png: 10.0 MB, and not in LFS"),
    ("sizes", write("docs/a.ipynb", b" " * 1_000_001), "a notebook of 1.0 MB"),
    ("secrets", write("docs/a.py", f'token = "{TOKEN}"'), "docs/a.py:1: a token of the Hub"),
    ("secrets", write("key.pem", "\n-----BEGIN RSA PRIVATE " + "KEY-----"), "key.pem:2: a private key"),
    ("secrets", write("docs/a.md", "see /ho" + "me/jane/vgan/x"), "docs/a.md:1: a folder of a developer's machine"),
    ("secrets", write("docs/a.md", "in /where/it/was/made/x"), "docs/a.md:1: a folder of a developer's machine"),
    ("links", change("README.md", "docs/other.md#a-part", "docs/gone.md"), "docs/gone.md is not there"),
    ("links", change("README.md", "#a-part", "#no-part"), "docs/other.md#no-part: no such heading"),
    ("links", change("README.md", "a.png", "b.png"), "assets/readme/b.png is not there"),
    ("links", change("README.md", "docs/other.md#a-part", "../../etc/passwd"), "../../etc/passwd is not there"),
]


@pytest.mark.parametrize("name", STATIC)
def test_content_with_a_good_project(place: Place, name: str) -> None:
    found = STATIC[name](place)
    assert (found.outcome, found.findings) == (OK, ())
    assert found.words


@pytest.mark.parametrize(("name", "act", "words"), BROKEN, ids=[f"{row[0]}-{row[2][:40]}" for row in BROKEN])
def test_finds_the_one_fault(place: Place, name: str, act: Callable[[Place], object], words: str) -> None:
    act(place)
    found = STATIC[name](place)
    assert found.outcome == FAILED
    assert len(found.findings) == 1
    assert words in found.findings[0]


def test_large_files_may_be_in_lfs(place: Place) -> None:
    write("assets/readme/big.png", b"\0" * 10_000_001)(place)
    write(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n")(place)
    assert sizes.sizes(place).outcome == OK


def test_examples_may_name_made_up_people(place: Place) -> None:
    write("docs/a.md", "cd /home/user/app && ls C:\\Users\\me\\x")(place)
    assert sizes.secrets(place).outcome == OK


class TestTags:
    def git(self, place: Place, *words: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *who, *words], cwd=place.root, check=True, capture_output=True)

    def test_a_version_is_released_once_and_goes_up(self, place: Place) -> None:
        for words in (["init"], ["add", "-A"], ["commit", "-m", "one"], ["tag", "v1.2.0"]):
            self.git(place, *words)
        assert versions.check(place).outcome == OK
        self.git(place, "commit", "--allow-empty", "-m", "two")
        assert "v1.2.0 was released from another commit" in versions.check(place).findings[0]
        self.git(place, "tag", "-d", "v1.2.0")
        self.git(place, "tag", "v1.10.0")
        assert "1.2.0 is older than 1.10.0" in versions.check(place).findings[0]

    def test_what_is_not_of_the_commit_is_not_looked_at(self, place: Place) -> None:
        for words in (["init"], ["add", "-A"], ["commit", "-m", "one"]):
            self.git(place, *words)
        write("note.txt", TOKEN)(place)
        assert sizes.secrets(place).outcome == OK


GOOD = {
    "name": "looks",
    "folder": "looks",
    "licence": "Apache-2.0",
    "may_sell": True,
    "file": "model.safetensors",
    "sha256": "",
    "repo_id": "",
    "revision": "",
    "beside": [],
}
PINNED = "0123456789" * 4


class TestWeights:
    def check(self, place: Place, monkeypatch: pytest.MonkeyPatch, **changes: object) -> list[str]:
        rows = f"print('''{json.dumps([GOOD | changes])}''')"
        monkeypatch.setattr(shipped, "ROWS", rows)
        return list(shipped.weights(place).findings)

    def test_good(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.check(place, monkeypatch) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"sha256": "0" * 64}, "its sha256 is not the one of the zoo"),
            ({"licence": "MIT"}, "its card says apache-2.0, the zoo MIT"),
            ({"may_sell": False}, "clips made with it may not be sold"),
            ({"folder": "gone"}, "weights/gone: a row of the zoo, and no folder"),
            ({"repo_id": "a/b", "revision": "main"}, "the revision of a/b is not pinned"),
            ({"licence": "", "folder": None}, "zoo: looks: says no licence"),
        ],
    )
    def test_rows(self, place: Place, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], words: str) -> None:
        assert any(words in finding for finding in self.check(place, monkeypatch, **changes))

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("models: [a/b]", ""),
            ("models: [a/c]", "a/c is none of the zoo"),
            (f"preload_from_hub:\n  - a/b config.json,model.safetensors {PINNED}", ""),
            ("preload_from_hub:\n  - a/b", "is not what the zoo has"),
            (f"preload_from_hub:\n  - a/b model.safetensors {PINNED}", "are not its files"),
        ],
    )
    def test_head(self, place: Place, monkeypatch: pytest.MonkeyPatch, line: str, words: str) -> None:
        change("README.md", "sdk: gradio", f"sdk: gradio\n{line}")(place)
        found = self.check(place, monkeypatch, repo_id="a/b", revision=PINNED)
        assert words in "".join(found) if words else found == []

    @pytest.mark.parametrize(
        ("act", "words"),
        [
            (change("weights/looks/README.md", "apache-2.0", "cc-by-nc-4.0"), "its card says licence cc-by-nc-4.0"),
            (change("weights/looks/README.md", "| PSNR | 31.2 |\n", ""), "no table with figures"),
            (remove("weights/looks/README.md"), "has no card"),
            (remove("weights/looks/model.safetensors"), "has no safetensors file"),
            (write("weights/looks/model.safetensors", b"\x80\x04hello world"), "is no safetensors file"),
            (write("weights/looks/model.safetensors", (2).to_bytes(8, "little") + b"{}junk"), "do not fill the file"),
        ],
    )
    def test_folders(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, act: Callable[[Place], object], words: str
    ) -> None:
        act(place)
        assert any(words in finding for finding in self.check(place, monkeypatch))


class TestLicences:
    @pytest.mark.parametrize(
        ("licence", "fine"),
        [
            ("MIT", True),
            ("mit", True),
            ("GPL-3.0-only", False),
            ("GPL-3.0-only OR MIT", True),
            ("MIT AND GPL-3.0-only", False),
            ("MPL-2.0 AND (Apache-2.0 OR GPL-2.0-only)", True),
            ("Apache-2.0 WITH LLVM-exception", True),
            ("(GPL-2.0-only OR AGPL-3.0-only) AND MIT", False),
            ("LicenseRef-NVIDIA-Proprietary", False),
            ("whatever you like", False),
            ("", False),
        ],
    )
    def test_expressions(self, licence: str, fine: bool) -> None:
        assert licences.allowed(licence) is fine

    def test_a_package_that_may_not_be_used(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [
            {"Name": "good", "License-Expression": "", "License": "", "Classifiers": ["BSD License"]},
            {"Name": "nvidia-x", "License-Expression": "", "License": "NVIDIA Proprietary Software", "Classifiers": []},
            {"Name": "bad", "License-Expression": "AGPL-3.0-only", "License": "", "Classifiers": []},
            {"Name": "silent", "License-Expression": "", "License": "", "Classifiers": []},
        ]
        monkeypatch.setattr(licences, "LIST", f"print('''{json.dumps(rows)}''')")
        found = licences.check(place)
        assert found.findings == ("bad: AGPL-3.0-only", "silent: says no licence")
        assert all(licences.EXCEPTIONS.values())  # each with its reason


class TestCommands:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("python -m vgan recipe > recipe.json", ""),
            ("echo '{}' | python -m vgan render - -o new.mp4 --set share.fps=24", ""),
            ("python -m vgan train look --data clips/ --name river --minutes 20", ""),
            ("python -m vgan models list  # all", ""),
            ("python -m vgan rendre x", "there is no such command"),
            ("python -m vgan models lst", "there is no such command"),
            ("python -m vgan render x --colour red", "no option --colour"),
            ("python -m vgan render 'x", "No closing quotation"),
        ],
    )
    def test_lines(self, line: str, words: str) -> None:
        said = options.fault(line)
        assert (words in said) if words else said == ""

    def test_pages(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        write("docs/new.md", "```\nmake ap\npython -m vgan nothing\n```\n```json\nmake no\n```\n")(place)
        said = json.dumps(["vgan nothing: there is no such command", ""])  # of new.md, then of other.md
        monkeypatch.setattr(pages, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, said, ""))
        assert set(pages.commands(place).findings) == {
            "docs/new.md: make has no target 'ap'",
            "docs/new.md: vgan nothing: there is no such command",
        }

    def test_marked_blocks(self, place: Place) -> None:
        write("docs/new.md", "<!-- run -->\n```\na \\\n  b\n$ c 'd\n  e'\n```\n\n```\nf\n```\n")(place)
        found = [block for block in pages.blocks(place) if block.page == "docs/new.md"]
        assert [block.marked for block in found] == [True, False]
        assert found[0].commands == ["a    b", "c 'd e'"]


class TestOutside:
    def answer(self, monkeypatch: pytest.MonkeyPatch, out: str, error: str = "") -> None:
        monkeypatch.setattr(outside, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, out, error))

    def test_no_network_is_never_ok(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer(monkeypatch, "", "x\nno route to host\n")
        for check in (outside.vulnerabilities, outside.sbom):
            assert check(place).outcome == SKIPPED
            assert "no route to host" in check(place).words
        self.answer(monkeypatch, json.dumps({"dependencies": [{"name": "torch", "skip_reason": "not found"}]}))
        assert outside.vulnerabilities(place).outcome == SKIPPED

    def test_advisories(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        fine = {"name": "b", "version": "2", "vulns": []}
        self.answer(monkeypatch, json.dumps({"dependencies": [fine]}))
        assert outside.vulnerabilities(place).outcome == OK
        bad = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
        self.answer(monkeypatch, json.dumps({"dependencies": [bad, fine]}))
        assert outside.vulnerabilities(place).findings == ("a 1: CVE-1, mended in 1.1",)


class TestTable:
    def test_a_check_that_breaks_has_failed(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(CHECKS, "links", lambda place: 1 / 0)
        (row,) = carried_out(place, ["links"])
        assert row.result.outcome == FAILED
        assert "ZeroDivisionError" in row.result.words

    def test_all_rows_and_the_count(self) -> None:
        rows = [
            Checked("a", Result(OK, "fine"), 1.0),
            Checked("bb", Result(SKIPPED, "no network"), 2.0),
            Checked("c", Result(FAILED, "looked", ("one", "two")), 3.0),
        ]
        said = table(rows)
        assert "SKIPPED" in said
        assert "- two" in said
        assert said.endswith("1 ok, 1 failed, 1 SKIPPED")

    def test_unknown_names_and_no_checkout(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        import typer

        app = typer.Typer()
        app.command()(main)
        asked = CliRunner().invoke(app, ["--only", "nothing"])
        assert asked.exit_code == 2
        monkeypatch.setattr("vgan.release.__main__.PROJECT", tmp_path)
        asked = CliRunner().invoke(app, ["--out", str(tmp_path)])
        assert asked.exit_code == 2
        assert "no git checkout" in asked.output

    def test_commands_that_are_not_there_or_take_too_long(self, tmp_path: Path) -> None:
        assert results.run(["no-such-program-here"], tmp_path).returncode == 127
        assert results.run([sys.executable, "-c", "while True: pass"], tmp_path, 0.2).returncode == 124
