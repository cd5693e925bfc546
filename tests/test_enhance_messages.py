"""What the Enhance tab's components are told, and the recipe that they describe."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from enhance_app import LOOK, values

from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.recipe import MAX_STEPS, Recipe, Upload
from vgan.recipe_steps import STEP_KINDS
from vgan.steps import STEPS
from vgan.ui import chain, enhance_messages, i18n
from vgan.ui.clip_messages import SHARE_FIELDS
from vgan.ui.enhance_messages import FIELDS, chain_of, damage, frame_at, mended, plotted, recipe_from
from vgan.ui.presets import PRESETS, presets
from vgan.ui.scans import Run, Scan, place_of

pytest_plugins = ["enhance_app"]

GREY = {"kind": "grade", "saturation": -1}
FOUND = Scan((Run("black", 3, 3, 0.9, "thumb"), Run("frozen", 10, 12, 0.75, "")), (0.1,) * 20)


def repairing(clip: Path, *after: Any, **step: Any) -> Recipe:
    source = {"kind": "upload", "path": str(clip)}
    return Recipe.parse({"source": source, "steps": [{"kind": "repair", **step}, *after]})


class TestChain:
    def test_every_step_there_is_can_be_added(self) -> None:
        drawn = chain.kinds()
        assert list(drawn) == [kind for kind in STEP_KINDS if kind in STEPS]
        assert chain.props()["most"] == MAX_STEPS
        json.dumps(chain.props(), allow_nan=False)

    @pytest.mark.parametrize("kind", STEPS)
    def test_controls_have_bounds_defaults_and_choices_of_the_recipe(self, kind: str) -> None:
        model = STEP_KINDS[kind]
        schema = model.model_json_schema()["properties"]
        fields = {field["name"]: field for field in chain.kinds()[kind]["fields"]}
        assert next(iter(fields)) == "strength"
        assert fields.keys() | set(chain.ELSEWHERE.get(kind, ())) == schema.keys() - {"kind"}
        for name, field in fields.items():
            parts = [schema[name], *schema[name].get("anyOf", ())]
            assert field["default"] == schema[name].get("default")
            assert field["optional"] == any(part.get("type") == "null" for part in parts)
            if field["type"] in ("slider", "number"):
                low = next((part["minimum"] for part in parts if "minimum" in part), None)
                high = next((part["maximum"] for part in parts if "maximum" in part), None)
                assert (field["low"], field["high"]) == (low, high), name
            if field["type"] == "choice":
                assert field["choices"] == next(part["enum"] for part in parts if "enum" in part)

    @pytest.mark.parametrize("kind", STEPS)
    def test_what_the_controls_begin_with_is_a_step(self, kind: str) -> None:
        fresh = {field["name"]: field["default"] for field in chain.kinds()[kind]["fields"]}
        (step,) = Recipe.parse(LOOK | {"steps": [{"kind": kind, **fresh}]}).steps
        assert step == STEP_KINDS[kind]()

    @pytest.mark.parametrize("kind", STEPS)
    def test_every_field_has_words_of_its_own_in_both_languages(self, kind: str) -> None:
        english, chinese = (i18n.translations().translations_dict[tongue] for tongue in ("en", "zh"))
        keys = [f"step_{kind}", f"step_{kind}_help"]
        for field in chain.kinds()[kind]["fields"]:
            keys += [f"field_{kind}_{field['name']}", f"field_{kind}_{field['name']}_help"]
        for key in keys:
            assert english[f"vgan_{key}"] != chinese[f"vgan_{key}"], key
            assert f"\n{key}: " in "\n" + english["vgan_bundle_chain"]

    def test_steps_that_are_switched_off_are_kept_on_the_page_alone(self) -> None:
        held = chain.value([GREY, {"kind": "sharpen"}])
        held["steps"][0]["on"] = False
        assert chain.steps_of(held) == [{"kind": "sharpen"}]

    @pytest.mark.parametrize("held", [None, "text", [], {}, {"steps": None}, {"steps": "x"}, {"steps": [1]}])
    def test_what_is_no_chain_is_refused(self, held: Any) -> None:
        with pytest.raises(RecipeError, match=r"steps: this is no list of steps. Choose a preset"):
            chain.steps_of(held)

    def test_presets_are_chains_that_can_be_made(self) -> None:
        assert [preset["name"] for preset in presets()] == list(PRESETS)
        for preset in presets():
            assert Recipe.parse(LOOK | {"steps": preset["steps"]}).steps == PRESETS[preset["name"]]
            assert i18n.word(f"preset_{preset['name']}")


class TestRecipe:
    def test_components_describe_a_recipe(self, clip: Path) -> None:
        times = {"seconds": 1.0, "start": 0.2, "end": 0.8, "at": 0.5, "trim": True}
        source = {"kind": "upload", "path": str(clip)}
        recipe = recipe_from(values(source, times, steps=[GREY, {"kind": "sharpen", "strength": 0.2}], short_side=480))
        assert recipe.source == Upload(path=str(clip), start=0.2, end=0.8)
        assert [step.kind for step in recipe.steps] == ["grade", "sharpen"]
        assert (recipe.share.short_side, recipe.share.fps) == (480, None)

    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            ([{"kind": "grade", "gamma": 9}], [r"steps.0.gamma", "4", "9"]),
            ([{"kind": "nonsense"}], ["steps.0.kind", "nonsense", "upscale"]),
            ([{"on": True}], ["steps.0.kind", "None"]),
            ([{"kind": "grade", "script": "x"}], ["steps.0.script", "no such field"]),
            ([{"kind": "sharpen"}] * (MAX_STEPS + 1), ["steps", str(MAX_STEPS)]),
            ([{"kind": "repair", "leave": "all"}], ["leave", "list"]),
            ([{"kind": "repair", "mend": [float("nan")]}], ["mend", "list"]),
            ([{"kind": "repair", "mend": [0.1] * 5000}], ["mend", "4000"]),
        ],
    )
    def test_what_cannot_be_is_refused_by_field(self, clip: Path, steps: list[Any], said: list[str]) -> None:
        with pytest.raises(RecipeError) as caught:
            recipe_from(values({"kind": "upload", "path": str(clip)}, steps=steps))
        for part in said:
            assert part in str(caught.value)

    def test_chain_shows_the_steps_of_a_recipe(self, clip: Path) -> None:
        recipe = repairing(clip, GREY, {"kind": "stylize", "style": "scream"}, leave=[2], mend=[5])
        held = chain_of(recipe, 1)
        assert [card["kind"] for card in held["steps"]] == ["repair", "grade", "stylize"]
        assert all(card["on"] for card in held["steps"])
        assert held["open"] == 1
        source = {"kind": "upload", "path": str(clip)}
        assert recipe_from(values(source, held=held)) == recipe, "and says the same again"

    def test_frames_marked_by_hand_stay_the_same_frames_in_another_part(self, clip: Path) -> None:
        held = chain_of(repairing(clip, leave=[4], mend=[6, 15]))
        assert held["steps"][0]["mend"] == [0.3, 0.75]
        times = {"seconds": 1.0, "start": 0.25, "end": 0.7, "at": 0.5, "trim": True}
        (step,) = recipe_from(values({"kind": "upload", "path": str(clip)}, times, held=held)).steps
        assert (step.leave, step.mend) == ((), (1,)), "what lies outside is left out"

    @pytest.mark.parametrize(
        ("steps", "frame"),
        [
            ([], 10),
            ([{"kind": "trim", "start": 0.25}], 5),
            ([{"kind": "interpolate", "slow": True, "factor": 4}], 40),
            ([{"kind": "trim", "start": 0.25}, {"kind": "interpolate", "slow": True}], 10),
        ],
    )
    def test_moment_of_the_source_is_found_in_the_finished_clip(self, steps: list[Any], frame: int) -> None:
        recipe = Recipe.parse(LOOK | {"steps": steps})
        assert frame_at({"at": 0.7, "start": 0.2}, recipe, Extent(80, Fraction(20), (64, 64))) == frame


class TestDamage:
    def test_without_repair_there_is_nothing_to_say(self) -> None:
        assert damage(Recipe.parse(LOOK), None) == {"state": "off"}

    def test_clips_are_looked_at_unasked_and_looks_and_pictures_are_not(self, clip: Path, picture: Path) -> None:
        assert (damage(repairing(clip), None)["state"], damage(repairing(clip), None)["auto"]) == ("unknown", True)
        assert not damage(repairing(picture), None)["auto"]
        assert not damage(Recipe.parse(LOOK | {"steps": [{"kind": "repair"}]}), None)["auto"]

    def test_findings_come_with_time_confidence_and_marks(self, clip: Path) -> None:
        message = damage(repairing(clip, leave=[11], mend=[1]), FOUND)
        assert (message["state"], message["fps"], message["frames"], message["start"]) == ("known", 20, 20, 0)
        assert message["runs"][0] == {"reason": "black", "first": 3, "last": 3, "sure": 90, "thumb": "thumb"}
        assert (message["leave"], message["mend"]) == ([11], [1])
        json.dumps(message)

    def test_place_follows_trims_and_rates(self, clip: Path) -> None:
        source = {"kind": "upload", "path": str(clip), "start": 0.25}
        steps = [{"kind": "trim", "start": 0.2}, {"kind": "repair"}]
        place = place_of(Recipe.parse({"source": source, "steps": steps, "share": {"fps": 10, "short_side": 480}}))
        assert (place.start, place.fps, place.frames) == (pytest.approx(0.45), 10, 6)
        assert (place.second(2), place.frame(0.66), place.frame(0.1), place.frame(2)) == (0.65, 2, None, None)

    def test_plot_keeps_every_peak(self) -> None:
        scores = [0.0] * 5000
        scores[1234] = 0.987
        shown = plotted(scores)
        assert len(shown) <= enhance_messages.PLOTTED
        assert max(shown) == 0.99
        assert plotted([0.1, 0.2]) == [0.1, 0.2]
        assert plotted([]) == []

    @pytest.mark.parametrize(
        ("at", "scan", "marks", "drawn"),
        [
            (0.15, FOUND, {}, True),
            (0.15, FOUND, {"leave": [3]}, False),
            (0.4, FOUND, {}, False),
            (0.4, FOUND, {"mend": [8]}, True),
            (0.15, None, {}, False),
            (0.15, None, {"mend": [3]}, True),
        ],
    )
    def test_repair_is_drawn_only_where_something_is_mended(
        self, clip: Path, at: float, scan: Scan | None, marks: dict[str, Any], drawn: bool
    ) -> None:
        recipe = repairing(clip, GREY, **marks)
        shown = enhance_messages.without_repair(recipe, {"at": at, "start": 0}, scan)
        assert [step.kind for step in shown.steps] == (["repair", "grade"] if drawn else ["grade"])

    def test_what_was_mended_is_counted_by_reason(self, clip: Path) -> None:
        assert mended(repairing(clip, leave=[11], mend=[1, 3]), FOUND) == {"black": 1, "frozen": 2, "asked": 1}
        assert mended(repairing(clip), None) == {}
        assert mended(Recipe.parse(LOOK), FOUND) == {}


def test_fields_are_those_of_the_tab() -> None:
    assert ("source", "timeline", "chain", *SHARE_FIELDS) == FIELDS
