"""Which files of a machine a recipe names: whoever takes recipes from others asks before any of them is read."""

from collections.abc import Iterator

from vgan.recipe import Recipe, Upload
from vgan.zoo import find_look, find_model


def named_files(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """(field, path) of every file that `recipe` names: clips, pictures, sounds, fonts and weights."""
    if isinstance(recipe.source, Upload):
        yield "source.path", recipe.source.path
    else:
        for key in (recipe.source, *recipe.source.path):
            if path := find_model(find_look(key.look).model).path:
                yield "source.look", path
    for index, step in enumerate(recipe.steps):
        for field, model in step.models.items():
            if path := find_model(model).path:
                yield f"steps.{index}.{field}", path
    for index, overlay in enumerate(recipe.overlays):
        for field, name in overlay.files.items():
            yield f"overlays.{index}.{field}", name
    if recipe.sound:
        for field, name in recipe.sound.files.items():
            yield f"sound.{field}", name
