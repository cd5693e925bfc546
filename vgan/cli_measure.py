"""Commands for those who make and measure looks: `looks`, `evaluate`, `bench`."""

import logging
from dataclasses import replace
from json import loads
from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes
from vgan.registry import Models
from vgan.settings import PROJECT, Settings

looks_app = typer.Typer(no_args_is_help=True, help="The made pictures that the looks are trained on.")
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure what networks draw.")
bench_app = typer.Typer(no_args_is_help=True, help="Measure how fast it is.")


def _has_folder(path: Path | None) -> Path | None:
    """Said before the minutes of measuring, not after."""
    if path and not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(path.parent)!r}. Create it, or choose another place.")
    return path


Features = Annotated[Path | None, typer.Option(help="SqueezeNet 1.1 weights; without, torchvision fetches its own.")]
Json = Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.", callback=_has_folder)]


@looks_app.command("draw")
def draw(folder: Path, per_look: int = 320, first_seed: int = 0, short_side: int = 256) -> None:
    """Draw clips of every look into FOLDER, as training does."""
    from vgan.training.dataset import build

    build(folder, per_look, first_seed, short_side)


@looks_app.command("frames")
def frames(
    folder: Path,
    look: Annotated[str, typer.Option(help="Which look.")],
    clips: Annotated[int, typer.Option(min=1)] = 60,
    length: Annotated[int, typer.Option(min=1, help="Consecutive frames of each clip.")] = 12,
    side: Annotated[int, typer.Option(min=64, help="Pixels.")] = 144,
    first_seed: Annotated[int, typer.Option(min=0)] = 0,
    hue: Annotated[
        float | None, typer.Option(min=0, max=1, help="Only this colour: 0 red, 0.33 green, 0.67 blue.")
    ] = None,
) -> None:
    """Draw clips of one look into FOLDER as PNG frames, a subfolder each: something for `train cycle` to learn from."""
    from vgan.training.looks.frames import write_frames

    with exit_codes():
        count = write_frames(folder, look, clips, length, side, first_seed, hue)
        typer.echo(f"{folder}: {count} pictures")


@looks_app.command("clips")
def clips(
    folder: Path,
    name: Annotated[str, typer.Option("--set", help="shapes, shapes-by-kind or looks.")] = "shapes",
    clips: Annotated[int, typer.Option(min=1)] = 1200,
    side: Annotated[int, typer.Option(help="Pixels.")] = 64,
    frames: Annotated[int, typer.Option(help="Of each clip, which is one loop.")] = 16,
    first_seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Draw whole loops of moving shapes, or of all looks, into FOLDER: what `train family` learns from."""
    from vgan.training.shapes.folders import write_clip_set

    with exit_codes():
        write_clip_set(folder, name, clips, side, frames, first_seed)
        typer.echo(f"{folder}: {clips} clips")


@looks_app.command("sheet")
def sheet(out: Path, clips: int = 4, side: int = 160, seed: int = 0, made: bool = False) -> None:
    """A contact sheet at OUT (.png): a row for each look, three moments of each clip.

    --made shows the generator's pictures of the same looks in place of the formulas'.
    """
    from vgan.contact_sheet import contact_sheet

    with exit_codes():
        contact_sheet(out, clips, side, seed, Models() if made else None)


@looks_app.command("tiles")
def tiles(folder: Path = PROJECT / "assets" / "looks") -> None:
    """Draw the gallery's moving tiles with the bundled weights into FOLDER."""
    from vgan.ui.gallery import build_tiles

    with exit_codes():
        typer.echo(f"{folder}: {len(build_tiles(Models(), folder))} files")


@evaluate_app.command("looks")
def evaluate(
    data: Annotated[Path, typer.Option(help="Clips drawn for training.")],
    held_out: Annotated[Path, typer.Option(help="Clips drawn from seeds never trained on.")],
    features: Features = None,
    dcgan: Annotated[Path | None, typer.Option(help="A checkpoint of `train dcgan`.")] = None,
    json: Json = None,
    card: Annotated[bool, typer.Option(help="Write the model card beside the bundled weights.")] = False,
    quick: Annotated[bool, typer.Option(help="A tenth of the clips: minutes instead of a quarter of an hour.")] = False,
) -> None:
    """Every figure of the shipped looks."""
    from vgan.evaluate import Protocol, evaluate_looks, table, write_json
    from vgan.model_card import write_card

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        protocol = Protocol(classify=8, sweep=16, frames=576, seams=1) if quick else Protocol()
        report = evaluate_looks(Models(), data, held_out, features, protocol, dcgan)
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if card:
            clips = loads((data / "done.json").read_text())["per_look"]
            typer.echo(write_card(report, Settings(), clips))


@evaluate_app.command("styles")
def evaluate_style_network(
    paintings: Annotated[Path, typer.Option(help="Folder with the pictures of the styles.")],
    photos: Annotated[Path, typer.Option(help="Photographs never trained on.")],
    clip: Annotated[list[Path] | None, typer.Option(help="A clip to measure flicker on. Repeatable.")] = None,
    own: Annotated[list[Path] | None, typer.Option(help="A picture to fit a style to. Repeatable.")] = None,
    features: Features = None,
    json: Json = None,
    card: Annotated[bool, typer.Option(help="Write the model card beside the bundled weights.")] = False,
) -> None:
    """Every figure of the shipped styles."""
    from vgan.evaluate_styles import Protocol, evaluate_styles, table, write_json
    from vgan.model_card import write_styles_card

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        models = Models(replace(Settings(), features=features) if features else Settings())
        report = evaluate_styles(models, paintings, photos, clip or [], own or [], Protocol())
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if card:
            typer.echo(write_styles_card(report, Settings()))


@evaluate_app.command("words")
def evaluate_sentences(
    json: Json = None,
    card: Annotated[bool, typer.Option(help="Write the model card beside the bundled weights.")] = False,
) -> None:
    """How well sentences are understood, and drawn."""
    from vgan.evaluate_words import evaluate_words, table, write_json
    from vgan.words_card import write_words_card

    with exit_codes():
        report = evaluate_words(Models())
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if card:
            typer.echo(write_words_card(report, Settings()))


@evaluate_app.command("cycle")
def evaluate_translators(
    model: Annotated[Path, typer.Option(help="The export folder of `train cycle`.")],
    a: Annotated[Path, typer.Option(help="Folder of the first set, never trained on.")],
    b: Annotated[Path, typer.Option(help="Folder of the second.")],
    side: Annotated[int, typer.Option(min=32, help="Of the squares that are translated, pixels.")] = 128,
    features: Features = None,
    json: Json = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Also write a contact sheet to this file (.png).", callback=_has_folder)
    ] = None,
) -> None:
    """Every figure of two translators: nearness to the other set, what comes back, flicker."""
    from torchvision.io import write_png

    from vgan.evaluate_cycle import evaluate_cycle, table, write_json
    from vgan.evaluate_cycle import sheet as contact_sheet
    from vgan.metrics.features import SqueezeFeatures

    with exit_codes():
        report = evaluate_cycle(model, a, b, SqueezeFeatures(features), side)
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if sheet:
            write_png(contact_sheet(model, a, b, side), str(sheet))


@bench_app.command("create")
def create(json: Json = None) -> None:
    """The main job: preview latency over HTTP, generator and encoder alone, the whole render, memory."""
    from vgan.bench import bench_create, table, write_json

    with exit_codes():
        result = bench_create(Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("looks")
def looks(json: Json = None) -> None:
    """The loop generator as it ships, distilled, compiled, and in other numbers."""
    from vgan.bench import write_json
    from vgan.bench_looks import bench_looks, table

    with exit_codes():
        result = bench_looks(Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("families")
def families(
    family: Annotated[list[str] | None, typer.Option(help="Only this one. Repeatable; without, all.")] = None,
    steps: Annotated[int, typer.Option(min=1, help="Of each family.")] = 200,
    json: Json = None,
) -> None:
    """Families of video generators: what each learns in its first steps."""
    from vgan.bench import write_json
    from vgan.bench_families import FirstSteps, bench_families, table
    from vgan.models.video_families import VIDEO_FAMILIES

    with exit_codes():
        result = bench_families(FirstSteps(steps), family or list(VIDEO_FAMILIES))
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("style")
def style(json: Json = None) -> None:
    """Restyling: the step and its network, beside AnimeGANv2's generator, and memory."""
    from vgan.bench import write_json
    from vgan.bench_style import bench_style, table

    with exit_codes():
        result = bench_style(Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("enhance")
def enhance(
    peer: Annotated[str, typer.Option(help="Another upscaler by 4 to compare with, as recipes name them.")] = "",
    json: Json = None,
) -> None:
    """Mending: the networks, beside a peer's, whole renders of an uploaded clip, and memory."""
    from vgan.bench import write_json
    from vgan.bench_enhance import bench_enhance, table

    with exit_codes():
        result = bench_enhance(Models(), peer)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("start")
def start(
    runs: Annotated[int, typer.Option(min=1, max=50, help="Starts that count; one more goes before.")] = 5,
    json: Json = None,
) -> None:
    """A cold start: to an answer, to the first frame in a browser where there is one, to the first preview."""
    from vgan.bench import write_json
    from vgan.bench_start import bench_start, table

    with exit_codes():
        result = bench_start(runs)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("load")
def load(
    visitors: Annotated[int, typer.Option(min=2, max=250, help="The first one never waits, with ten pages.")] = 32,
    minutes: Annotated[float, typer.Option(min=0.1, max=600)] = 10,
    json: Json = None,
) -> None:
    """The app under many visitors: previews and renders at a person's pace, some cancelled, some left alone."""
    from vgan.bench import write_json
    from vgan.bench_load import bench_load, table

    with exit_codes():
        result = bench_load(visitors, minutes)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("cancel")
def cancel(json: Json = None) -> None:
    """How long the device is still held by work that nobody wants any more, of every kind."""
    from vgan.bench import write_json
    from vgan.bench_cancel import bench_cancel, table

    with exit_codes():
        result = bench_cancel(Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("fuzz")
def fuzz(
    recipes: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Others, other recipes.")] = 0,
    json: Json = None,
) -> None:
    """Recipes that nobody would write: each is rendered, or refused with an error that names a field."""
    from vgan.bench import write_json
    from vgan.bench_fuzz import bench_fuzz, table

    with exit_codes():
        result = bench_fuzz(Models(replace(Settings(), offline=True)), recipes, seed)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("share")
def share(
    music: Annotated[Path | None, typer.Option(help="Another song than the one that is made for this.")] = None,
    json: Json = None,
) -> None:
    """Words and music: what they add to a render, the first look at a song, the loudness of the file."""
    from vgan.bench import write_json
    from vgan.bench_share import bench_share, table

    with exit_codes():
        result = bench_share(Models(), music)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("batch")
def batch(
    template: Annotated[str, typer.Option(help="Of `templates`.")] = "birthday",
    clips: Annotated[int, typer.Option(min=6, help="Of each batch.")] = 24,
    short_side: Annotated[int, typer.Option(min=144, max=2160, help="Pixels.")] = 720,
    costs: Annotated[bool, typer.Option(help="Other templates and sizes, too.")] = True,
    json: Json = None,
) -> None:
    """Batches: what workers add to rendering, two Ray nodes over one, a node that is killed, costs by template."""
    from vgan.bench import write_json
    from vgan.bench_batch import bench_batch, table

    with exit_codes():
        result = bench_batch(template, clips, short_side, costs)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("hostile")
def hostile(
    data: Annotated[Path, typer.Option(help="Folder with clips and pictures that are spoiled.")],
    mutations: Annotated[int, typer.Option(min=0, help="Of each file.")] = 1000,
    jobs: Annotated[int, typer.Option(min=1, help="Files that are tried at once.")] = 1,
    progress: Annotated[Path | None, typer.Option(help="Note here how far it is, and go on from there.")] = None,
    json: Json = None,
) -> None:
    """Spoiled files and bombs, through all that reads uploads: what is read, refused, ended, and left behind."""
    from vgan.bench_hostile import bench_hostile, table, write_json

    logging.getLogger("vgan.media").setLevel(logging.ERROR)  # it warns of every spoiled file
    with exit_codes():
        result = bench_hostile(data, mutations, jobs, progress)
        typer.echo(table(result))
        if json:
            write_json(result, json)


@bench_app.command("decode")
def decode(
    clip: Annotated[list[Path], typer.Option(help="Repeatable.")],
    json: Json = None,
) -> None:
    """What it costs that clips are read in child processes: one frame, all of them, a whole render."""
    from vgan.bench_decode import bench_decode, table, write_json

    with exit_codes():
        result = bench_decode(clip, Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)
