"""The Enhance tab without a browser: handlers, looks for damage, renders that wait, and the endpoints with steps."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import gradio as gr
import numpy as np
import pytest
from enhance_app import BLACK, FROZEN, LOOK, damaged, values
from gradio_client import Client, handle_file
from style_app import pixels

from vgan.errors import Cancelled, RecipeError
from vgan.recipe import Recipe, Upload
from vgan.ui import messages
from vgan.ui.enhance_messages import FIELDS
from vgan.ui.scans import looked
from vgan.ui.services import Studio
from vgan.ui.tabs.clip_actions import HEAD
from vgan.ui.tabs.enhance_actions import CHAIN, EnhanceActions

pytest_plugins = ["enhance_app", "over_http"]

GREY = {"kind": "grade", "saturation": -1}
REPAIR = {"kind": "repair"}
MANY = {"steps": [{"kind": "denoise"}, {"kind": "upscale", "factor": 2}, GREY]}


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Any:
    """The open page."""
    return SimpleNamespace(session_hash=request.node.name)


def told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def upload(path: Path) -> dict[str, Any]:
    return {"kind": "upload", "path": str(path)}


class TestHandlers:
    def test_chain_is_seen_before_and_after(self, studio: Studio, clip: Path, visit: Any) -> None:
        now = values(upload(clip), steps=[GREY, {"kind": "scale", "short_side": 288}])
        stage, meter, text, damage = EnhanceActions(studio).show(visit, *now)
        assert (stage["steps"], stage["width"], stage["height"]) == (2, 384, 288)
        before, after = pixels(stage["before"]), pixels(stage["after"])
        assert before.shape == after.shape == (288, 384, 3), "both are as large as the result"
        assert np.abs(after - after.mean(2, keepdims=True)).mean() < 3 < np.abs(before - after).mean()
        assert (meter["estimate"]["size"], meter["estimate"]["frames"]) == ([384, 288], 20)
        assert [step.kind for step in Recipe.parse(text).steps] == ["grade", "scale"]
        assert damage == {"state": "off"}

    def test_upload_keeps_the_chain_but_not_the_marks(self, studio: Studio, clip: Path, visit: Any) -> None:
        now = values({"kind": "generate"}, steps=[{**REPAIR, "mend": [0.5]}, GREY])
        answer = EnhanceActions(studio).take_upload(told(path=str(clip)), visit, *now)
        assert len(answer) == HEAD + EnhanceActions.shown
        repair, grade = Recipe.parse(answer[-2]).steps
        assert (repair.mend, grade.saturation) == ((), -1)
        assert answer[-1]["state"] == "unknown"

    def test_preset_takes_the_place_of_the_chain(self, studio: Studio, clip: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(clip), steps=[GREY])
        held, stage, *_ = do.choose(visit, "crisp", *now)
        assert [card["kind"] for card in held["steps"]] == ["upscale"]
        assert (stage["width"], stage["height"]) == (384, 288)
        with pytest.raises(RecipeError, match=r"preset: 'nonsense' is not known. Allowed: crisp, "):
            do.choose(visit, "nonsense", *now)

    def test_any_recipe_becomes_a_chain(self, studio: Studio, clip: Path, visit: Any) -> None:
        steps = [{"kind": "stylize", "style": "scream", "canvas": 144}, GREY, {"kind": "trim", "start": 0.2}]
        text = Recipe.parse({"source": upload(Path("/elsewhere/My walk.mp4")), "steps": steps}).to_json()
        answer = EnhanceActions(studio).apply_text(visit, text, {"source": upload(clip)})
        by_name = dict(zip(FIELDS, answer, strict=False))
        assert [card["kind"] for card in by_name["chain"]["steps"]] == ["stylize", "grade", "trim"]
        assert by_name["source"]["source"] == upload(clip), "the clip at hand has the same name"
        assert len(answer) == len(FIELDS) + EnhanceActions.shown

    def test_frames_are_switched_by_hand(self, studio: Studio, clip: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(clip), steps=[REPAIR])
        held, *_, text, damage = do.mark(told(leave=[0.1], mend=[0.5]), visit, *now)
        assert (held["steps"][0]["leave"], held["steps"][0]["mend"]) == ([0.1], [0.5])
        (step,) = Recipe.parse(text).steps
        assert (step.leave, step.mend) == ((2,), (10,))
        assert (damage["leave"], damage["mend"]) == ([2], [10])

    @pytest.mark.parametrize("marks", [{"leave": "all", "mend": []}, {"leave": [], "mend": [None]}])
    def test_marks_that_are_none_are_refused(self, studio: Studio, clip: Path, visit: Any, marks: Any) -> None:
        with pytest.raises(RecipeError, match=r"of repair must be a list of at most 4000 moments"):
            EnhanceActions(studio).mark(told(**marks), visit, *values(upload(clip), steps=[REPAIR]))

    def test_nothing_is_marked_without_a_repair(self, studio: Studio, clip: Path, visit: Any) -> None:
        with pytest.raises(RecipeError, match=r"none repairs\. Add the step Repair"):
            EnhanceActions(studio).mark(told(leave=[], mend=[]), visit, *values(upload(clip)))

    def test_file_of_others_is_refused(self, studio: Studio, visit: Any) -> None:
        with pytest.raises(RecipeError, match="is not a file that you uploaded"):
            EnhanceActions(studio).take_upload(told(path="/etc/hosts"), visit, *values({"kind": "generate"}))


class TestDamage:
    def test_broken_frames_are_found_with_their_runs(self) -> None:
        ticks: list[int] = []
        scan = looked(iter([np.stack(damaged()[:20]), np.stack(damaged()[20:])]), 0.5, ticks.append)
        assert [(run.reason, run.first, run.last) for run in scan.runs] == [
            ("black", BLACK, BLACK),
            ("frozen", FROZEN[0], FROZEN[-1]),
        ]
        assert all(run.thumb.startswith("data:image/jpeg") for run in scan.runs)
        assert (len(scan.scores), ticks[-1]) == (40, 40)
        assert scan.found == {BLACK, *FROZEN}

    def test_look_reports_and_is_remembered(self, studio: Studio, broken: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(broken), steps=[REPAIR])
        *steps, found = do.look(visit, *now)
        assert {step["state"] for step in steps} == {"looking"}
        assert [run["reason"] for run in found["runs"]] == ["black", "frozen"]
        assert do.show(visit, *now)[-1] == found, "it is looked at once"
        part = {"seconds": 2.0, "start": 1.0, "end": 2.0, "at": 1.0, "trim": True}
        assert do.show(visit, *values(upload(broken), part, steps=[REPAIR]))[-1]["state"] == "unknown"

    def test_other_settings_of_later_steps_change_nothing(self, studio: Studio, broken: Path, visit: Any) -> None:
        do = EnhanceActions(studio)
        *_, found = do.look(visit, *values(upload(broken), steps=[REPAIR]))
        later = values(upload(broken), steps=[REPAIR, GREY], short_side=480, format="webm")
        assert do.show(visit, *later)[-1]["runs"] == found["runs"]

    def test_picture_changes_where_something_was_found(self, studio: Studio, broken: Path, visit: Any) -> None:
        do = EnhanceActions(studio)
        whole, black = (
            values(upload(broken), {"at": at, "start": 0, "seconds": 2.0}, steps=[REPAIR])
            for at in (0.2, (BLACK + 0.2) / 20)
        )
        list(do.look(visit, *whole))
        assert do.looked(visit, *whole) == [gr.skip()] * EnhanceActions.shown
        stage = do.looked(visit, *black)[0]
        assert pixels(stage["before"]).mean() < 30 < pixels(stage["after"]).mean()

    def test_newer_look_ends_the_older_one(self, studio: Studio, broken: Path, clip: Path, visit: Any) -> None:
        scans, first = studio.scans, Recipe.parse({"source": upload(clip), "steps": [REPAIR]})
        second = Recipe.parse({"source": upload(broken), "steps": [REPAIR], "share": {"fps": 12}})
        older = scans.scan("page", first)
        next(older)
        assert scans.running("page", first)
        list(scans.scan("page", second))
        with pytest.raises(Cancelled):
            list(older)
        assert scans.known(second) is not None

    def test_no_look_without_a_repair(self, studio: Studio, clip: Path, visit: Any) -> None:
        assert list(EnhanceActions(studio).look(visit, *values(upload(clip)))) == [{"state": "off"}]


class TestClips:
    def test_finished_clip_is_sent_here_as_a_file(self, studio: Studio, clip: Path, visit: Any) -> None:
        list(studio.render(visit.session_hash, Recipe.parse({"source": upload(clip), "share": {"fps": 10}})))
        do, now = EnhanceActions(studio), values({"kind": "generate"}, steps=[GREY])
        tabs, card, *_, text, _ = do.send(told(index=0), visit, *now)
        assert tabs["selected"] == "enhance"
        made = studio.made(visit.session_hash)[0].clip.path
        assert card["source"]["path"] == str(made)
        assert Recipe.parse(text).source == Upload(path=made.name)
        with pytest.raises(RecipeError, match="clip: 0 is not one of this visit"):
            do.send(told(index=0), SimpleNamespace(session_hash="somebody else"), *now)

    def test_stopped_render_waits_and_goes_on(self, studio: Studio, clip: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(clip), steps=[{"kind": "sharpen"}], fps=60)
        rendering = do.render(visit, *now)
        next(rendering)
        next(rendering)
        do.cancel(visit)
        assert list(rendering)[-1][0] == {"ended": messages.WAITS}
        assert do.show(visit, *now)[1]["waits"]
        *_, last = do.render(visit, *now)
        assert last[1]["clips"][-1]["seconds"] == pytest.approx(1.0)
        assert "waits" not in do.show(visit, *now)[1]

    def test_waiting_render_can_be_given_up(self, studio: Studio, clip: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(clip), steps=[{"kind": "sharpen"}], fps=60, format="webm")
        rendering = do.render(visit, *now)
        next(rendering)
        next(rendering)
        do.cancel(visit)
        list(rendering)
        do.discard(*now)
        assert "waits" not in do.show(visit, *now)[1]

    def test_clip_says_what_was_mended(self, studio: Studio, broken: Path, visit: Any) -> None:
        do, now = EnhanceActions(studio), values(upload(broken), steps=[{**REPAIR, "leave": [FROZEN[0] / 20]}])
        list(do.look(visit, *now))
        *_, last = do.render(visit, *now)
        assert last[1]["clips"][-1]["mended"] == {"black": 1, "frozen": 1}


def test_place_of_the_chain() -> None:
    assert FIELDS[CHAIN] == "chain"


class TestOverHttp:
    def test_render_of_a_file_through_a_chain(self, web: Client, clip: Path) -> None:
        file, facts = web.predict(MANY, handle_file(clip), api_name="/render")
        assert (facts["width"], facts["height"], facts["frames"], facts["fps"]) == (384, 288, 20, 20)
        with av.open(file) as made:
            assert made.streams.audio

    def test_preview_of_a_file_through_a_chain(self, web: Client, clip: Path) -> None:
        answer = web.predict(
            {"steps": [GREY, {"kind": "trim", "start": 0.5}]}, "strip", handle_file(clip), api_name="/preview"
        )
        assert (answer["width"], answer["height"]) == (192, 144)
        assert answer["seconds"] == pytest.approx(0.5)

    def test_render_of_a_look_through_a_chain(self, web: Client) -> None:
        recipe = LOOK | {"steps": [{"kind": "upscale", "factor": 2}, {"kind": "interpolate", "slow": True}]}
        _, facts = web.predict(recipe, api_name="/render")
        assert (facts["width"], facts["frames"]) == (144, 8)
