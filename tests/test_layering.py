"""Imports run one way, and only the app's own folder knows the web framework."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A part may import its own layer and those below it.
LAYERS = (
    {
        "errors",
        "logs",
        "breaks",
        "memory",
        "ages",
        "unfinished",
        "spare",
        "small_files",
        "runtime",
        "tensors",
        "settings",
        "flow",
        "scene",
        "damage",
        "cutout",
        "attention",
        "camera",
    },
    {"models"},
    {
        "zoo",
        "public_looks",
        "edits",
        "recipe",
        "recipe_steps",
        "recipe_overlays",
        "recipe_sound",
        "recipe_files",
        "picture_code",
        "weights",
        "hub",
        "hub_errors",
        "hub_peek",
        "cards",
        "catalogue",
        "families",
        "look_files",
        "community",
        "registry",
    }
    | {"media", "text", "music", "features", "style_files"},
    {"sources", "steps", "overlays", "share", "brand", "templates", "ahead", "plan", "watch", "mood", "words"},
    {"drawing", "render", "shapes"},
    {"overrides"},
    {"batch"},
    {"ui", "cli", "cli_models", "cli_measure", "cli_styles", "cli_enhance", "cli_clips", "cli_templates"}
    | {
        "cli_invert",
        "cli_provenance",
        "cli_share",
        "cli_captions",
        "cli_families",
        "cli_own",
        "cli_words",
        "cli_batch",
        "__main__",
    },
)
# Programs of their own, which look at the whole house from outside; only the command line starts them.
OUTSIDE = {
    "training",
    "metrics",
    "bench",
    "bench_families",
    "bench_load",
    "bench_cancel",
    "load_visitors",
    "bench_looks",
    "bench_style",
    "bench_enhance",
    "bench_share",
    "bench_hostile",
    "bench_decode",
    "hostile_bombs",
    "hostile_files",
    "bench_app",
    "bench_start",
    "bench_batch",
    "release",
    "bench_fuzz",
    "fuzz_recipes",
    "evaluate",
    "evaluate_styles",
    "evaluate_cycle",
    "evaluate_interpolate",
    "evaluate_repair",
    "interpolate_card",
    "repair_card",
    "evaluate_enhance",
    "enhance_cards",
    "measured_enhancers",
    "contact_sheet",
    "fitting",
    "inversion",
    "clip_frames",
    "compare_families",
    "compare_families_page",
    "compare_families_pictures",
    "model_card",
    "evaluate_words",
    "words_card",
    "own_looks",
    "tied",
}
COMMANDS = {
    "cli",
    "cli_invert",
    "cli_measure",
    "cli_styles",
    "cli_enhance",
    "cli_clips",
    "cli_templates",
    "cli_families",
    "cli_own",
} | {"__main__"}
# Of these, what the app uses too.
APP_USES = {"ui": {"metrics", "fitting", "inversion", "own_looks"}}
# Beside the layers: they work where the app is not installed, or measure it from outside.
ALONE = {
    "models": {"torch", "torchvision", "numpy", "safetensors", "accelerate", "tqdm"},
    "training": {"torch", "torchvision", "numpy", "safetensors", "accelerate", "tqdm"},
}
# Files that use something of the app's where it is installed, and say what they do where it is not.
SOFTLY = {"training/enhance/video.py": {"av"}, "models/sentence_tokens.py": {"tokenizers"}}
GROUND = {"errors", "runtime", "tensors", "models", "training"}
LEVEL = {part: level for level, layer in enumerate(LAYERS) for part in layer}
FILES = sorted((ROOT / "vgan").rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The modules that a file imports anywhere, by full name: `from vgan import zoo` is vgan.zoo."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            assert node.module
            found |= {f"vgan.{alias.name}" for alias in node.names} if node.module == "vgan" else {node.module}
    return found


def part_of(path: Path) -> str:
    """The part of the house that a file belongs to: the folder or module right under vgan/."""
    return path.relative_to(ROOT / "vgan").parts[0].removesuffix(".py")


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    here = part_of(path)
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("vgan.")} - {here}
    if here in ALONE:
        assert inside <= GROUND, f"{here} may import {sorted(GROUND)}"
        outside = {name.split(".")[0] for name in imports(path)} - {"vgan"} - set(sys.stdlib_module_names)
        outside -= SOFTLY.get(str(path.relative_to(ROOT / "vgan")), set())
        assert outside <= ALONE[here], f"{here} must run where only {sorted(ALONE[here])} are installed"
    elif here in LEVEL:
        above = {part for part in inside if LEVEL.get(part, LEVEL[here] + 1) > LEVEL[here]}
        allowed = OUTSIDE if here in COMMANDS else APP_USES.get(here, set())
        assert not above - allowed, f"{here} is below {sorted(above)}"
    else:
        assert here in OUTSIDE | {"__init__"}, f"{here} has no layer: give it one"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_app_imports_gradio(path: Path) -> None:
    if part_of(path) != "ui":
        assert not {name for name in imports(path) if name.split(".")[0] == "gradio"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
