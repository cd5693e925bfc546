"""Files and requests as nobody would write them: every reader takes them, or refuses them with an error of ours."""

import functools
import json
import math
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import untrained
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vgan import bench_fuzz, cards
from vgan.brand import load_brand
from vgan.edits import read_edit
from vgan.errors import VganError, WeightsError
from vgan.fuzz_recipes import recipes
from vgan.recipe import Recipe
from vgan.recipe_overlays import Cue
from vgan.registry import Models
from vgan.settings import Settings
from vgan.templates.files import SHIPPED, load
from vgan.text.subtitles import read_subtitles
from vgan.weights import read_config, read_weights

FEW = settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

WORDS = sorted(
    {*re.findall(r'"(\w+)":', json.dumps(Recipe.model_json_schema())), "kind", "generate", "upload", "stylize"}
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(WORDS),
    st.sampled_from([10**400, -(2**63), "\ud800", "a" * 100_000, "../../etc/passwd", "http://127.0.0.1/"]),
)
THINGS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=25,
)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write(folder / "looks")
    return folder


def refusal(work: Callable[[], object], otherwise: str = "well: taken") -> str:
    """What our error says that `work` raises; `otherwise` where it raises none. No other one may come."""
    try:
        work()
    except VganError as error:
        return str(error)
    return otherwise


class TestRecipes:
    @FEW
    @given(st.dictionaries(st.sampled_from(["source", "steps", "overlays", "sound", "share", "version", "x"]), THINGS))
    @example({"steps": [{"kind": "stylize"}] * 5000})
    @example({"source": {"kind": "generate", "seconds": math.nan}})
    def test_any_object(self, raw: dict[str, Any]) -> None:
        said = refusal(lambda: Recipe.parse(raw))
        assert re.match(r"[^\n]+: ", said), "no field is named"
        assert len(said) < 20_000

    @FEW
    @given(st.text() | st.binary())
    @example("[" * 100_000)
    @example('{"a":' * 100_000)
    @example(b"\xff\xfe{")
    @example('{"version": 1, "version": 2}')
    @example("9" * 5_000)
    def test_any_text(self, text: str | bytes) -> None:
        assert refusal(lambda: Recipe.parse(text)).strip()

    def test_a_small_campaign(self, weights: Path) -> None:
        """The first recipes of `python -m vgan bench fuzz`."""
        result = bench_fuzz.bench_fuzz(Models(Settings(offline=True, device="cpu", weights=weights)), 48)
        assert result.faults == []
        counts = [sum(kind[name] for kind in result.outcomes.values()) for name in ("rendered", "refused")]
        assert min(counts) >= 4, "both happen"
        assert "| tame |" in bench_fuzz.table(result)

    @pytest.mark.parametrize("name", ["a" * 999, "\0", "a\0.mp4", "/" * 999, "/proc/self/mem", "/dev/zero", "."])
    def test_names_that_no_system_takes(self, weights: Path, tmp_path: Path, name: str) -> None:
        models = Models(Settings(offline=True, device="cpu", weights=weights))
        small = {"source": {"kind": "generate", "seconds": 0.5}, "share": {"short_side": 144, "fps": 8}}
        for raw in (
            {"source": {"kind": "upload", "path": name}},
            {"overlays": [{"kind": "picture", "path": name}]} | small,
            {"overlays": [{"kind": "mark"}], "sound": {"music": name}} | small,
            {"overlays": [{"kind": "captions", "font": name, "cues": [{"text": "a"}]}]} | small,
            {"steps": [{"kind": "stylize", "style": f"./{name}.safetensors"}]} | small,
        ):
            outcome, said = bench_fuzz.carried_out(models, json.dumps(raw), tmp_path)
            assert outcome == "refused", (raw, said)

    def test_the_same_seed_makes_the_same_recipes(self) -> None:
        one, other, third = (list(recipes(12, seed, [Path("a")])) for seed in (1, 1, 2))
        assert one == other != third


class TestSmallFiles:
    """Templates, brand kits, edits, subtitles, model cards."""

    @FEW
    @given(st.data())
    def test_spoilt_templates(self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
        good = data.draw(st.sampled_from(sorted(SHIPPED.glob("*.toml")))).read_bytes()
        start = data.draw(st.integers(0, len(good)))
        path = tmp_path_factory.mktemp("t") / "a.toml"
        path.write_bytes(
            good[:start] + data.draw(st.binary(max_size=20)) + good[start + data.draw(st.integers(0, 30)) :]
        )
        assert refusal(lambda: load(path, trusted=False), "a.toml: ").startswith("a.toml: ")

    @FEW
    @given(st.dictionaries(st.sampled_from(["title", "about", "blanks", "recipe", "name", "until"]), THINGS))
    def test_any_template_and_kit_and_edit(self, tmp_path_factory: pytest.TempPathFactory, raw: dict[str, Any]) -> None:
        path = tmp_path_factory.mktemp("t") / "a.json"
        for more in ({}, {"kind": "edit"}, {"colours": ["#000000", "#ffffff"]}):
            path.write_text(json.dumps(raw | more))
            for reader in (load, load_brand, read_edit):
                assert ": " in refusal(functools.partial(reader, path)), reader

    @FEW
    @given(st.text() | st.binary())
    @example("1\n00:00:00,000 --> 99999:59:59,999\nx")
    @example("WEBVTT\n\n00:00.000 --> 00:01.000\n" + "<b>" * 50_000)
    @example("\n".join(f"{n}\n00:00:0{n % 9},000 --> 00:00:0{n % 9},500\nx\n" for n in range(5_000)))
    def test_any_subtitles(self, text: str | bytes) -> None:
        cues: list[Cue] = []
        assert refusal(lambda: cues.extend(read_subtitles(text)), "cues: ").startswith("cues: ")
        assert all(cue.end is None or cue.end > cue.start for cue in cues)

    @FEW
    @given(st.text())
    @example("[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,x) <a href='javascript:1'>b</a>")
    @example("<script>1</script><img src=x onerror=1> ![p](http://h/p.png) [q]: javascript:1\n\n[q]")
    @example('[a](https://h/" onmouseover="1) <https://h/\'onclick=1> [b](https://h \'x" onclick="1\')')
    @example("---\nlicense: !!python/object/apply:os.system ['x']\n---\n" + "[" * 3_000 + "](" * 3_000)
    def test_any_card(self, text: str) -> None:
        page = cards.Card(text, "", ()).html
        tags = re.findall(r"<[^>]*>", page)
        assert not [
            tag for tag in tags if re.match(r"<(script|img|iframe|svg|style|object|form|input|base|meta)\b", tag, re.I)
        ]
        assert not [tag for tag in tags if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag), re.I)]
        assert not [tag for tag in tags if re.search(r"(href|src)=.\s*(?!https?://)[a-z]", tag, re.I)], page


class TestWeights:
    POISON: tuple[Any, ...] = (
        10**9,
        2**70,
        -1,
        0,
        0.5,
        "x",
        "",
        None,
        True,
        [],
        {},
        [10**9] * 4,
        [[]],
        [-1, 0],
        {"a": 1},
        1e308,
        "a" * 10**5,
    )

    def test_poisoned_sizes_are_refused(self, weights: Path, tmp_path: Path) -> None:
        """Beside good weights: each size in turn, and everything else in the file."""
        folder = tmp_path / "looks"
        untrained.write(folder)
        good = json.loads((folder / "config.json").read_text())
        places = [(part,) for part in good] + [("params", name) for name in good["params"]]
        for place in places:
            for poison in self.POISON:
                config = json.loads(json.dumps(good))
                holder = config["params"] if len(place) == 2 else config
                holder[place[-1]] = poison
                (folder / "config.json").write_text(json.dumps(config))
                models = Models(Settings(offline=True, device="cpu", weights=tmp_path))
                assert refusal(functools.partial(models.get, "looks")).strip()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{}",
            struct.pack("<Q", 2**63) + b"{}",
            struct.pack("<Q", 10**12) + b"{}",
            struct.pack("<Q", 0),
            struct.pack("<Q", 2) + b"{}",
            struct.pack("<Q", 2) + b"[]",
            struct.pack("<Q", 100_000) + b"[" * 100_000,
            b"lies" * 3,
        ],
        ids=lambda content: repr(content[:12]),
    )
    def test_broken_heads_are_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.safetensors"
        path.write_bytes(content)
        tensors: dict[str, Any] = {}
        assert refusal(lambda: tensors.update(read_weights(path))).strip()
        assert tensors == {}

    @FEW
    @given(
        st.dictionaries(
            st.text(max_size=5),
            st.fixed_dictionaries(
                {
                    "dtype": st.sampled_from(["F32", "F16", "I64", "BOOL", "X", "F8_E4M3", ""]),
                    "shape": st.lists(st.sampled_from([0, 1, 2, 10**6, 2**40, -1, 2**63]), max_size=4),
                    "data_offsets": st.lists(st.sampled_from([0, 4, 8, 10**9, -4, 2**63]), max_size=3),
                }
            ),
            max_size=3,
        )
    )
    def test_lying_heads_are_refused(self, tmp_path_factory: pytest.TempPathFactory, head: dict[str, Any]) -> None:
        text = json.dumps(head).encode()
        path = tmp_path_factory.mktemp("s") / "a.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + b"\0" * 8)
        tensors: dict[str, Any] = {}
        assert refusal(lambda: tensors.update(read_weights(path)), "a.safetensors: ").startswith("a.safetensors: ")
        assert sum(tensor.numel() for tensor in tensors.values()) <= 8

    @pytest.mark.parametrize("ending", [".pt", ".pth", ".bin"])
    def test_code_in_a_pickle_is_never_run(self, tmp_path: Path, ending: str) -> None:
        mark = tmp_path / "ran"

        class Evil:
            def __reduce__(self) -> Any:
                return (Path.touch, (mark,))

        path = tmp_path / f"a{ending}"
        for content in (Evil(), {"state_dict": {"a": Evil()}}, {"a": torch.zeros(1), "b": Evil()}):
            torch.save(content, path)
            with pytest.raises(WeightsError, match=r"a\.") as caught:
                read_weights(path)
            assert not mark.exists()
            assert str(tmp_path) not in str(caught.value)

    @FEW
    @given(st.binary(max_size=200) | st.just(b"[" * 100_000) | st.just(b'{"a":' * 100_000))
    def test_any_config(self, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
        path = tmp_path_factory.mktemp("c") / "config.json"
        path.write_bytes(content)
        assert refusal(lambda: read_config(path), "config.json: ").startswith("config.json: ")
