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

PLATFORM = FIELDS.index("platform")
COVERED = {".mp4", ".webm", ".gif", ".webp"}


class PostActions:
    """Handlers. `values` are those of the Share tab's components."""

    def __init__(self, studio: Studio, share: ShareActions):
        self._studio, self.share = studio, share

    # --- the check

    def check(self, request: gr.Request, *values: Any) -> Iterator[dict[str, Any]]:
        """Whether the clip that the components describe, or else the newest one, is ready to be posted."""
        made = self._studio.made(visit_of(request))
        if not made:
            yield report.NOTHING
            return
        yield report.CHECKING
        yield self._report(self._meant(made, values), str(values[PLATFORM]))

    def _meant(self, made: Sequence[Made], values: Sequence[Any]) -> Made:
        """The newest of the clips that was made from what the components describe: others of a render are the same in
        further shapes. The newest of all where something was changed meanwhile."""
        try:
            recipe = self.share.recipe(values)
        except RecipeError:
            return made[-1]
        return next((one for one in reversed(made) if one.recipe == recipe), made[-1])

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
        return self.share.changed(visit, recipe, values)

    # --- the mood

    def read_mood(self, request: gr.Request, *values: Any) -> list[Any]:
        """The mood of the clip as it is, with its music, and what goes with it."""
        visit, recipe = visit_of(request), self.share.recipe(values)
        self._studio.check(recipe, visit)
        now = self._mood(recipe, visit)
        return [mood.shown(now, suggest(now), isinstance(recipe.source, Generate)), gr.skip()]

    def use(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A suggestion was taken: a grade toward a mood, or a look. Every component, and what is shown."""
        visit, recipe = visit_of(request), self.share.recipe(values)
        self._studio.check(recipe, visit)
        target, look = told_by(event, "mood"), told_by(event, "look")
        if look is not None:
            recipe = self._with_look(recipe, look, visit)
        elif isinstance(target, str) and target in NAMED:
            recipe = self._graded(recipe, target, visit)
        else:
            raise RecipeError(f"mood: {str(target)[:40]!r} is none. Allowed: {', '.join(NAMED)}.")
        return self.share.changed(visit, recipe, values)

    def _graded(self, recipe: Recipe, target: str, visit: str) -> Recipe:
        """`recipe` with a grade toward a mood as its last step, in place of one that is there."""
        steps = [step for step in recipe.steps if step.kind != "reframe"]
        if steps and steps[-1].kind == "grade":
            steps.pop()
        plain = recipe.model_copy(update={"steps": tuple(steps)})
        grade = grade_toward(self._mood(plain, visit), target)
        if len(steps) >= MAX_STEPS:
            raise RecipeError(f"steps: {MAX_STEPS} are the most. Remove one in the Enhance tab first.")
        return recipe.model_copy(update={"steps": (*steps, grade)})

    def _with_look(self, recipe: Recipe, number: Any, visit: str) -> Recipe:
        looks = suggest(self._mood(recipe, visit)).looks
        if not isinstance(recipe.source, Generate) or not isinstance(number, int) or not 0 <= number < len(looks):
            raise RecipeError(f"look: {str(number)[:20]!r} is none that was suggested. Read the mood once more.")
        source = recipe.source.model_dump(mode="json") | {
            "look": looks[number].name,
            "path": [],
            **looks[number].sliders,
        }
        return Recipe.parse(recipe.model_dump(mode="json") | {"source": source})

    def _mood(self, recipe: Recipe, visit: str) -> Mood:
        music = Path(recipe.sound.music) if recipe.sound and recipe.sound.music else None
        if isinstance(recipe.source, Upload) and not recipe.steps:
            return mood_of_clip(Path(recipe.source.path), music)
        bare = recipe.model_copy(update={"overlays": ()})
        frames = self._studio.frames(bare, visit)
        rate = len(frames) / max(0.5, self._studio.seconds(bare))
        try:
            return mood_of_frames(frames, rate, music)
        except MediaError:  # of the music
            return mood_of_frames(frames, rate)
