"""What the Share tab says about a clip, and what it makes better: the mood, and the check of the finished file."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import MediaError, RecipeError
from vgan.mood import NAMED, Mood, grade_toward, mood_of_clip, mood_of_frames, suggest
from vgan.recipe import MAX_STEPS, Generate, Recipe, Upload
from vgan.share.check import check
from vgan.share.cover import write_cover
from vgan.share.mend import mended
from vgan.ui import mood, report
from vgan.ui.services import Made, Studio
from vgan.ui.share_messages import FIELDS
from vgan.ui.tabs.events import told_by, visit_of
from vgan.ui.tabs.share_actions import ShareActions

COVERED = {".mp4", ".webm", ".gif", ".webp"}


class PostActions:
    """Handlers. `values` are those of the Share tab's components."""

    def __init__(self, studio: Studio, share: ShareActions):
        self._studio, self.share = studio, share

    # --- the check

    def check(self, request: gr.Request, platform: str) -> Iterator[dict[str, Any]]:
        """Whether the newest clip is ready to be posted."""
        made = self._studio.made(visit_of(request))
        if not made:
            yield report.NOTHING
            return
        yield report.CHECKING
        yield self._report(made[-1], platform)

    def _report(self, made: Made, platform: str) -> dict[str, Any]:
        clip = made.clip.path
        cover = clip.with_name(f"{clip.stem}-cover.jpg") if clip.suffix in COVERED else None
        if cover:
            write_cover(clip, cover)
        return report.shown(made, check(clip, platform), cover)

    def mend(self, request: gr.Request, held: Any, *values: Any) -> list[Any]:
        """Every component as it has to be for the checked clip to pass, and what is shown."""
        visit, number = visit_of(request), held.get("number") if isinstance(held, dict) else None
        made = next((one for one in self._studio.made(visit) if one.number == number), None)
        if made is None:
            raise RecipeError("check: that clip is not one of this visit any more. Render once more.")
        recipe = mended(made.recipe, check(made.clip.path, str(held.get("platform"))))
        return self.share.whole(visit, recipe, _origin(values))

    # --- the mood

    def read_mood(self, request: gr.Request, *values: Any) -> list[Any]:
        """The mood of the clip as it is, with its music, and what goes with it."""
        recipe = self.share.recipe(values)
        self._studio.check(recipe, visit_of(request))
        now = self._mood(recipe)
        return [mood.shown(now, suggest(now), isinstance(recipe.source, Generate)), gr.skip()]

    def use(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A suggestion was taken: a grade toward a mood, or a look. Every component, and what is shown."""
        recipe = self.share.recipe(values)
        target, look = told_by(event, "mood"), told_by(event, "look")
        if look is not None:
            recipe = self._with_look(recipe, look)
        elif target in NAMED:
            recipe = self._graded(recipe, str(target))
        else:
            raise RecipeError(f"mood: {str(target)[:40]!r} is none. Allowed: {', '.join(NAMED)}.")
        return self.share.whole(visit_of(request), recipe, _origin(values))

    def _graded(self, recipe: Recipe, target: str) -> Recipe:
        """`recipe` with a grade toward a mood as its last step, in place of one that is there."""
        steps = [step for step in recipe.steps if step.kind != "reframe"]
        if steps and steps[-1].kind == "grade":
            steps.pop()
        plain = recipe.model_copy(update={"steps": tuple(steps)})
        grade = grade_toward(self._mood(plain), target)
        if len(steps) >= MAX_STEPS:
            raise RecipeError(f"steps: {MAX_STEPS} are the most. Remove one in the Enhance tab first.")
        return recipe.model_copy(update={"steps": (*steps, grade)})

    def _with_look(self, recipe: Recipe, number: Any) -> Recipe:
        looks = suggest(self._mood(recipe)).looks
        if not isinstance(recipe.source, Generate) or not isinstance(number, int) or not 0 <= number < len(looks):
            raise RecipeError(f"look: {str(number)[:20]!r} is none that was suggested. Read the mood once more.")
        source = recipe.source.model_dump(mode="json") | {
            "look": looks[number].name,
            "path": [],
            **looks[number].sliders,
        }
        return Recipe.parse(recipe.model_dump(mode="json") | {"source": source})

    def _mood(self, recipe: Recipe) -> Mood:
        music = Path(recipe.sound.music) if recipe.sound and recipe.sound.music else None
        if isinstance(recipe.source, Upload) and not recipe.steps:
            return mood_of_clip(Path(recipe.source.path), music)
        bare = recipe.model_copy(update={"overlays": ()})
        frames = self._studio.frames(bare)
        try:
            return mood_of_frames(frames, len(frames) / max(0.5, self._studio.seconds(bare)), music)
        except MediaError:
            return mood_of_frames(frames, len(frames) / max(0.5, self._studio.seconds(bare)))


def _origin(values: Sequence[Any]) -> str:
    card = values[FIELDS.index("source")]
    return str(card.get("from", "upload")) if isinstance(card, dict) else "upload"
