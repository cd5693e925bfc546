"""`python -m vgan`: a table of commands. What they do is elsewhere."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from vgan.cli_batch import run_rows
from vgan.cli_captions import write_captions
from vgan.cli_clips import clips_app, tell_mood
from vgan.cli_enhance import mending_app
from vgan.cli_families import compare_families
from vgan.cli_invert import invert_picture
from vgan.cli_measure import bench_app, evaluate_app, looks_app
from vgan.cli_models import exit_codes, models_app
from vgan.cli_own import own_app
from vgan.cli_provenance import provenance
from vgan.cli_share import check_file, list_platforms, make_cover
from vgan.cli_styles import styles_app
from vgan.cli_templates import fill_template, list_templates
from vgan.cli_words import say
from vgan.errors import RecipeError
from vgan.media.probe import recipe_of
from vgan.overrides import for_file, override
from vgan.recipe import LONGEST_JSON, Recipe
from vgan.registry import Models
from vgan.settings import Settings
from vgan.small_files import all_of, read_small

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="VGAN Studio: short, seamless clips made by GANs. Exit codes: 0; 2 for a request refused; 1 for a failure.",
)
app.add_typer(models_app, name="models")
app.add_typer(styles_app, name="styles")
app.add_typer(looks_app, name="looks")
app.add_typer(own_app, name="own")
evaluate_app.add_typer(mending_app)  # its commands beside the others, under the same name
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(clips_app, name="clips")
app.add_typer(bench_app, name="bench")
app.command("batch")(run_rows)
app.command("mood")(tell_mood)
app.command("templates")(list_templates)
app.command("template")(fill_template)
app.command("captions")(write_captions)
app.command("provenance")(provenance)
app.command("check")(check_file)
app.command("cover")(make_cover)
app.command("platforms")(list_platforms)
app.command("invert")(invert_picture)
app.command("words")(say)
app.command("compare-families")(compare_families)

RecipeFile = Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe's JSON file, or - for standard input.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="The file to make; its ending chooses the format.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="Change a field, e.g. source.seed=7. Repeatable.")]
Shapes = Annotated[str | None, typer.Option(help="Several aspects in one go, e.g. 9:16,4:5,1:1,16:9.")]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]
Look = Annotated[str | None, typer.Option(help="A look of the gallery, or owner/name on the Hub.")]
Made = Annotated[Path | None, typer.Argument(help="A clip made here: print the recipe inside it.")]


@app.callback()
def main() -> None:
    """Set up what all commands share."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


@app.command("app")
def launch_app() -> None:
    """Open the app in the browser."""
    from vgan.ui.serving import serve  # the web framework is loaded by the one command that shows it

    with exit_codes():
        serve()


@app.command("recipe")
def print_recipe(clip: Made = None, look: Look = None) -> None:
    """Print a whole recipe as JSON: the default one, or the one inside a finished clip."""
    with exit_codes():
        if clip is None:
            found: Recipe | None = Recipe()
        else:
            found = recipe_of(clip)
        if found is None:
            raise RecipeError(f"{clip}: there is no recipe in this file. Clips made here carry theirs.")
        typer.echo(override(found, [f"source.look={look}"] if look else []).to_json())


@app.command("render")
def render_file(
    recipe: RecipeFile, out: Out, settings: Sets = None, device: Device = None, shapes: Shapes = None
) -> None:
    """Make the clip of a recipe; with --shapes, in several: out-9x16.mp4 and so on."""
    from vgan.render import render
    from vgan.shapes import render_shapes
    from vgan.unfinished import sweep

    with exit_codes():
        sweep(out.absolute().parent)
        asked = Recipe.parse(_read(recipe))
        changes = settings or []
        explicit = "format" in asked.share.model_fields_set or any(
            change.startswith("share.format=") for change in changes
        )
        wanted = for_file(override(asked, changes), out, explicit)
        models = Models(replace(Settings(), device=device) if device else Settings())
        with tqdm(unit="frame", desc=out.name, file=sys.stderr, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            if shapes is None:
                clips = [render(wanted, models, out, show)]
            else:
                aspects = [aspect.strip() for aspect in shapes.split(",")]
                clips = render_shapes(wanted, aspects, models, out.parent, show, name=out.stem)
    for clip in clips:
        typer.echo(
            f"{clip.path}: {clip.width}x{clip.height}, {clip.seconds:g} s, {clip.fps} fps, {clip.bytes / 1e6:.2f} MB"
        )


def _read(name: str) -> bytes:
    """The JSON text in the file called `name`, or on standard input."""
    if name == "-":
        return all_of(sys.stdin.buffer, "standard input", LONGEST_JSON, "recipe")
    return read_small(Path(name), LONGEST_JSON, "recipe")


@app.command(
    "train", add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
)
def train(context: typer.Context) -> None:
    """Train a generator. See `python -m vgan train --help`."""
    from vgan.training.cli import main as run

    with exit_codes():
        run(context.args)
