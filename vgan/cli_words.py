"""`python -m vgan words`: a sentence, a picture or a song as a recipe."""

from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes


def say(
    sentence: Annotated[str | None, typer.Argument(help='For example "slow green aurora over dark, calm".')] = None,
    picture: Annotated[Path | None, typer.Option(help="A picture or clip: its colours and what it is like.")] = None,
    song: Annotated[Path | None, typer.Option(help="A song, or a clip with sound: its tempo and mood.")] = None,
) -> None:
    """Print the recipe that a sentence, a picture or a song asks for; what was understood goes to standard error.

    Together, the song comes first, then the picture, and the sentence has the last word.
    """
    from vgan.errors import RecipeError
    from vgan.recipe import Generate, Recipe
    from vgan.registry import Models
    from vgan.words import applied, read
    from vgan.words.picture import coloured, see
    from vgan.words.song import listen, played

    with exit_codes():
        if sentence is None and picture is None and song is None:
            raise RecipeError("sentence: none was given. Say one, or give --picture or --song.")
        models, source = Models(), Generate()
        if song is not None:
            heard = listen(song)
            typer.echo(str(heard), err=True)
            source = played(heard, source)
        if picture is not None:
            seen = see(picture, models)
            typer.echo(f"{', '.join(seen.palette)}: so {seen.look}", err=True)
            source = coloured(seen, source)
        if sentence is not None:
            reading = read(sentence, models)
            typer.echo(told(reading.facts()), err=True)
            source = applied(reading, source)
        typer.echo(Recipe(source=source).to_json())


def told(facts: dict) -> str:
    """What was understood, as a line: "look aurora (northern); hue green (green); motion low (slow); missed: dog"."""
    look = facts["look"]
    parts = [f"look {look['name']} ({look['because']})" if look["name"] else "no look named"]
    parts += [f"{name} {one.get('colour') or one['side']} ({one['because']})" for name, one in facts["said"].items()]
    parts += [f"not understood: {', '.join(facts['missed'])}"] if facts["missed"] else []
    return "; ".join(parts)
