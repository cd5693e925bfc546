"""The Style tab without a browser: stills, own styles, renders, handlers, and the endpoints with a file."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import gradio as gr
import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image
from style_app import FEATURES, LOOK, STYLE, pixels, restyled, style_file, values

from vgan.errors import Cancelled, MediaError, RecipeError, UnknownName, VganError, WeightsError
from vgan.media import reader
from vgan.media.probe import recipe_of
from vgan.recipe import Recipe, Upload
from vgan.settings import Settings
from vgan.ui import services
from vgan.ui.clip_messages import SHARE_FIELDS
from vgan.ui.jobs import Progress
from vgan.ui.own_styles import TILE_SHOWN, OwnStyle
from vgan.ui.services import Made, Studio
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.style_messages import FIELDS
from vgan.ui.tabs.own_actions import OUTPUTS, OwnActions
from vgan.ui.tabs.style_actions import StyleActions
from vgan.zoo import STYLES

pytest_plugins = ["style_app", "over_http"]

NOT_YOURS = "is not a file that you uploaded. Drop it on the page first."
STEPS: dict[str, Any] = {"steps": [{"kind": "stylize", "style": STYLE, "canvas": 144}]}
needs_features = pytest.mark.skipif(not FEATURES.is_file(), reason=f"{FEATURES} is not here: fitting looks through it")


class TestStills:
    def test_still_is_the_clip_before_and_restyled_after(self, studio: Studio, clip: Path) -> None:
        shown = studio.still("a", restyled(clip), 4)
        assert (shown.width, shown.height) == (192, 144)
        _, first = next(iter(reader.frames(clip, 0.2)))
        before, after = pixels(shown.before), pixels(shown.after)
        assert before.shape == after.shape == (144, 192, 3)
        assert np.abs(before - first).mean() < 4
        assert np.abs(before - after).mean() > 8

    def test_frame_beyond_the_end_is_the_last(self, studio: Studio, clip: Path) -> None:
        assert studio.still("a", restyled(clip), 500) == studio.still("a", restyled(clip), 19)
        assert studio.still("a", restyled(clip), -5) == studio.still("a", restyled(clip), 0)

    def test_strength_zero_is_the_source(self, studio: Studio, clip: Path) -> None:
        shown = studio.still("a", restyled(clip, strength=0), 3)
        assert shown.before == shown.after

    def test_clip_is_read_once_for_one_moment_and_many_settings(
        self, settings: Settings, studio: Studio, clip: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fresh, read, frames = Studio(studio.models, settings), [], reader.frames

        def counted(path: Path, start: float = 0.0) -> Any:
            read.append(start)
            return frames(path, start)

        monkeypatch.setattr(reader, "frames", counted)
        one = fresh.still("a", restyled(clip), 5)
        assert read, "the first picture needs the clip"
        fresh.still("a", restyled(clip, strength=0.9), 5)
        read.clear()
        assert fresh.still("a", restyled(clip, strength=0.5), 5).after != one.after
        fresh.still("a", restyled(clip, style="scream"), 5)
        assert read == []
        fresh.still("a", restyled(clip), 6)
        assert len(read) == 1

    def test_only_a_few_clips_are_remembered(
        self, settings: Settings, studio: Studio, arrived: Path, picture: Path
    ) -> None:
        fresh = Studio(studio.models, settings)
        for index in range(8):
            copy = arrived / f"copy-{index}.png"
            copy.write_bytes(picture.read_bytes())
            fresh.still("a", restyled(copy), 0)
        assert len(fresh._stills._clips) == 4


class TestOwnStyles:
    def test_saved_style_becomes_the_first_tile(self, settings: Settings, studio: Studio, arrived: Path) -> None:
        gallery = StyleGallery(studio.models, settings.outputs / "tiles")
        file = style_file(studio, arrived / "first.safetensors")
        own = studio.add_style("tiles", str(file))
        assert (own.title, own.saved, own.file) == ("first", True, file)
        assert pixels(own.tile).shape == (TILE_SHOWN, TILE_SHOWN, 3)
        tiles = gallery.tiles(studio.styles("tiles"))
        assert [tile["name"] for tile in tiles] == [str(file), *STYLES]
        assert gallery.tiles(studio.styles("somebody else"))[0]["name"] in STYLES

    def test_newest_is_first_and_none_is_twice(
        self, studio: Studio, arrived: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MAX_STYLES", 2)
        for name in ("a", "b", "a", "c"):
            studio.add_style("many", str(style_file(studio, arrived / f"{name}.safetensors")))
        assert [style.title for style in studio.styles("many")] == ["c", "a"]

    def test_same_code_paints_the_same_as_the_gallery(self, studio: Studio, arrived: Path, clip: Path) -> None:
        file = style_file(studio, arrived / "same.safetensors", code=list(STYLES).index(STYLE))
        studio.add_style("same", str(file))
        assert studio.still("same", restyled(clip, style=str(file)), 3) == studio.still("same", restyled(clip), 3)

    @pytest.mark.parametrize("content", [b"", b"\x89PNG not weights", b"\x08" + bytes(64)])
    def test_broken_file_is_refused_by_name(self, studio: Studio, arrived: Path, content: bytes) -> None:
        file = arrived / "broken.safetensors"
        file.write_bytes(content)
        with pytest.raises(WeightsError, match="broken"):
            studio.add_style("broken", str(file))
        assert studio.styles("broken") == []

    def test_names_that_are_no_style_are_refused(self, studio: Studio) -> None:
        with pytest.raises(UnknownName, match="Did you mean"):
            studio.add_style("names", "great-wav")
        with pytest.raises(RecipeError, match="style: 'gone"):
            studio.add_style("names", "/gone/gone.safetensors")

    def test_style_without_features_says_how_to_get_them(
        self, settings: Settings, studio: Studio, picture: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(studio.models, "settings", Settings(offline=True, weights=settings.weights, features=None))
        with pytest.raises(WeightsError, match="VGAN_FEATURES"):
            list(studio.fit("bare", str(picture)))

    @needs_features
    def test_picture_becomes_a_style(self, studio: Studio, picture: Path, clip: Path) -> None:
        *steps, style = studio.fit("fitting", str(picture))
        assert steps
        assert all(isinstance(step, Progress) and step.total in {0, 100} for step in steps)
        assert isinstance(style, OwnStyle)
        assert (style.title, style.saved) == ("tiles", True)
        assert style.file is not None
        assert style.file.is_relative_to(studio.settings.outputs)
        assert studio.styles("fitting") == [style]
        shown = studio.still("fitting", restyled(clip, style=style.name), 3)
        assert np.abs(pixels(shown.before) - pixels(shown.after)).mean() > 8

    @needs_features
    def test_cancelled_fit_leaves_nothing(self, studio: Studio, picture: Path) -> None:
        steps = studio.fit("hasty", str(picture))
        next(steps)
        with pytest.raises(RecipeError, match="Cancel it first"):
            next(studio.fit("hasty", str(picture)))
        studio.cancel("hasty")
        with pytest.raises(Cancelled):
            list(steps)
        assert studio.styles("hasty") == []
        assert list(studio.folder_of("hasty").iterdir()) == []

    @needs_features
    def test_what_is_no_picture_is_not_fitted(self, studio: Studio, arrived: Path) -> None:
        Image.new("RGB", (40, 40)).save(arrived / "small.png")
        (arrived / "text.png").write_text("no picture")
        style_file(studio, arrived / "style.safetensors")
        for name, error, said in (
            ("small.png", RecipeError, r"small\.png: .*40x40 .* 64 .*Choose a larger"),
            ("text.png", MediaError, r"text\.png: .*Try another file"),
            ("style.safetensors", MediaError, r"style already.*Load it instead"),
            ("gone.png", RecipeError, r"picture: 'gone\.png' is not a file that you uploaded"),
        ):
            with pytest.raises(error, match=said):
                list(studio.fit("wrong", str(arrived / name)))


class TestRenders:
    def test_size_length_and_sound_are_the_uploads(self, studio: Studio, clip: Path) -> None:
        *steps, made = studio.render("film", restyled(clip))
        assert all(isinstance(step, Progress) for step in steps)
        assert isinstance(made, Made)
        assert made.clip.path.name == f"my-walk-{STYLE}.mp4"
        assert made.poster.startswith("data:image/jpeg")
        with av.open(str(made.clip.path)) as file:
            assert (file.streams.video[0].width, file.streams.video[0].height) == (192, 144)
            assert sum(1 for _ in file.decode(video=0)) == 20
            assert file.streams.audio

    def test_files_inside_a_clip_and_on_the_page_have_no_folders(
        self, studio: Studio, clip: Path, arrived: Path, tmp_path: Path
    ) -> None:
        file = style_file(studio, arrived / "mine.safetensors")
        recipe = restyled(clip, second=str(file))
        studio.add_style("shared", str(file))
        *_, made = studio.render("shared", recipe)
        assert isinstance(made, Made)
        inside = recipe_of(made.clip.path)
        assert inside == recipe.portable()
        assert inside is not None
        assert (inside.source, inside.steps[0].second) == (Upload(path="My walk.mp4"), "mine.safetensors")
        assert str(arrived).encode() not in made.clip.path.read_bytes()

    def test_flicker_is_measured_once_after_the_render(self, studio: Studio, clip: Path) -> None:
        assert not studio.measure("nobody")
        list(studio.render("measured", restyled(clip)))
        assert studio.made("measured")[0].flicker is None
        assert studio.measure("measured")
        ratio = studio.made("measured")[0].flicker
        assert ratio is not None
        assert 0 < ratio < 50
        assert not studio.measure("measured")

    def test_clip_as_it_was_is_as_steady_as_it_was(self, studio: Studio, clip: Path) -> None:
        list(studio.render("plain", restyled(clip, strength=0)))
        assert studio.measure("plain")
        assert studio.made("plain")[0].flicker == pytest.approx(1, abs=0.35)

    def test_nothing_is_measured_where_nothing_compares(self, studio: Studio, clip: Path, picture: Path) -> None:
        plain = Recipe.parse({"source": {"kind": "upload", "path": str(clip)}})
        gif, still = restyled(clip, {"format": "gif"}), restyled(picture, {"format": "png"})
        for recipe in (plain, gif, still):
            list(studio.render("unmeasured", recipe))
            assert not studio.measure("unmeasured")
        assert [one.flicker for one in studio.made("unmeasured")] == [None] * 3
        assert [one.clip.path.suffix for one in studio.made("unmeasured")] == [".mp4", ".gif", ".png"]


class TestHandlers:
    """What the page sends and gets; `visit` is the open page."""

    @pytest.fixture
    def visit(self, request: pytest.FixtureRequest) -> Any:
        return SimpleNamespace(session_hash=request.node.name)

    def test_upload_keeps_the_style_and_takes_the_clips_own_size(
        self, studio: Studio, clip: Path, picture: Path, visit: Any
    ) -> None:
        do, now = StyleActions(studio), values({"kind": "generate"}, canvas=144)
        card, times, file_format, *_, stage, _meter, text = do.take_upload(_told(path=str(clip)), visit, *now)
        assert (card["from"], times["trim"], file_format) == ("upload", True, "mp4")
        assert (stage["style"], stage["width"], stage["height"]) == (STYLE, 192, 144)
        recipe = Recipe.parse(text)
        assert (recipe.share.aspect, recipe.share.short_side, recipe.share.fps) == ("source", None, None)
        answer = do.take_upload(_told(path=str(picture)), visit, *now)
        assert len(answer) == 2 + len(SHARE_FIELDS) + StyleActions.shown
        assert answer[2] == "png", "a picture becomes a picture"
        again = values({"kind": "generate"}, canvas=144, format="png")
        assert do.take_upload(_told(path=str(clip)), visit, *again)[2] == "mp4", "and a clip a clip"

    def test_look_after_a_picture_becomes_a_clip(self, studio: Studio, picture: Path, visit: Any) -> None:
        do, text, told = StyleActions(studio), Recipe.parse(LOOK).to_json(), _told(**{"from": "create"})
        for source, file_format in (({"kind": "upload", "path": str(picture)}, "mp4"), ({"kind": "generate"}, "png")):
            now = values(source, canvas=144, format="png")
            assert do.take_other(told, visit, *now, text)[2] == file_format

    @pytest.mark.parametrize("path", ["/etc/hosts", None, 7, {"a": 1}])
    def test_event_cannot_name_other_files(self, studio: Studio, visit: Any, path: Any) -> None:
        for act in (
            lambda: StyleActions(studio).take_upload(_told(path=path), visit, *values({"kind": "generate"})),
            lambda: OwnActions(studio, StyleGallery(studio.models, Path())).take(_told(path=path), visit),
        ):
            with pytest.raises(RecipeError, match=re.escape(NOT_YOURS)):
                act()

    def test_recipe_finds_files_of_the_same_name_at_hand(self, studio: Studio, arrived: Path, visit: Any) -> None:
        clip, file = arrived / "My walk.mp4", style_file(studio, arrived / "mine.safetensors")
        studio.add_style(visit.session_hash, str(file))
        text = restyled(Path("/elsewhere/My walk.mp4"), style="C:\\styles\\mine.safetensors", blend=0.2).to_json()
        card = {"source": {"kind": "upload", "path": str(clip)}}
        answer = dict(zip(FIELDS, StyleActions(studio).apply_text(visit, text, card), strict=False))
        assert (answer["style"], answer["blend"], answer["second"]) == (str(file), 0.2, "")
        assert answer["source"]["source"]["path"] == str(clip)

    def test_recipe_with_two_steps_is_refused(self, studio: Studio, clip: Path, visit: Any) -> None:
        text = Recipe.parse(LOOK | {"steps": [{"kind": "stylize"}] * 2}).to_json()
        with pytest.raises(RecipeError, match=r"steps: stylize, stylize; .*Enhance tab"):
            StyleActions(studio).apply_text(visit, text, {})

    def test_clip_of_another_visit_cannot_be_recalled(self, studio: Studio, visit: Any) -> None:
        with pytest.raises(RecipeError, match="clip: 0 is not one of this visit"):
            StyleActions(studio).recall_clip(_told(index=0), visit, {})

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            (STYLE, "in the gallery already. Choose it there"),
            ("/etc/a.pt", "is a file. Drop it above"),
            ("nonsense", "nonsense"),
            ("a/../b", "neither a style nor a Hub repository"),
            ("owner/name", "VGAN_OFFLINE"),
        ],
    )
    def test_what_cannot_be_fetched_is_refused_by_name(self, studio: Studio, visit: Any, name: str, said: str) -> None:
        do = OwnActions(studio, StyleGallery(studio.models, Path()))
        with pytest.raises(VganError, match=said):
            list(do.fetch(visit, name))
        assert studio.styles(visit.session_hash) == []

    def test_push_is_refused_until_all_is_there(self, studio: Studio, arrived: Path, visit: Any) -> None:
        do, file = (
            OwnActions(studio, StyleGallery(studio.models, Path())),
            style_file(studio, arrived / "p.safetensors"),
        )
        with pytest.raises(RecipeError, match="push: no style is chosen"):
            do.push(visit, str(file), "me/mine", "token")
        assert len(do.take(_told(path=str(file)), visit)) == OUTPUTS
        with pytest.raises(RecipeError, match="token: none is given"):
            do.push(visit, str(file), "me/mine", " ")


def _told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


class TestOverHttp:
    @pytest.mark.parametrize("kind", ["webp", "strip"])
    def test_preview_of_a_file(self, web: Client, clip: Path, kind: str) -> None:
        answer = web.predict(STEPS, kind, handle_file(clip), api_name="/preview")
        assert (answer["width"], answer["height"], answer["frames"]) == (192, 144, 16)
        assert answer["seconds"] == pytest.approx(1.0)
        assert pixels(answer["image"]).std() > 8

    def test_preview_of_a_picture_is_one_frame(self, web: Client, picture: Path) -> None:
        recipe = STEPS | {"share": {"format": "png"}}
        assert web.predict(recipe, "strip", handle_file(picture), api_name="/preview")["frames"] == 1

    def test_render_of_a_part_of_a_file(self, web: Client, clip: Path) -> None:
        recipe = STEPS | {"source": {"start": 0.25, "end": 0.75}}
        file, facts = web.predict(recipe, handle_file(clip), api_name="/render")
        assert facts["name"].endswith(f"-{STYLE}.mp4")
        assert (facts["width"], facts["height"], facts["frames"], facts["fps"]) == (192, 144, 10, 20)
        with av.open(file) as made:
            assert made.streams.audio

    @pytest.mark.parametrize("name", ["/preview", "/render"])
    def test_file_and_another_source_contradict_each_other(self, web: Client, clip: Path, name: str) -> None:
        with pytest.raises(AppError, match=r"source\.kind: with a file it is .*Leave it out, or give no file"):
            web.predict({"source": {"kind": "generate"}}, file=handle_file(clip), api_name=name)

    @pytest.mark.parametrize("sent", ["a.mp4", 5, [1], {"path": None}])
    def test_file_that_was_not_uploaded_is_named(self, web: Client, sent: Any) -> None:
        with pytest.raises(AppError, match=r"file: .* is no uploaded file.*handle_file"):
            web.predict(STEPS, file=sent, api_name="/render")

    @pytest.mark.parametrize("name", ["/preview", "/render"])
    def test_file_outside_is_refused(self, web: Client, tmp_path: Path, clip: Path, name: str) -> None:
        (tmp_path / "secret.mp4").write_bytes(clip.read_bytes())
        outside = str(tmp_path / "secret.mp4")
        with pytest.raises(AppError, match=rf"source\.path: 'secret\.mp4' {NOT_YOURS}"):
            web.predict({"source": {"kind": "upload", "path": outside}}, api_name=name)
        with pytest.raises(AppError, match=r"source\.path: 'secret\.mp4' is not a file that you uploaded"):
            web.predict(STEPS, file={"path": outside}, api_name=name)

    def test_file_outside_is_refused_also_as_an_upload(self, web: Client, tmp_path: Path, clip: Path) -> None:
        """gradio_client would upload it; a program of one's own need not."""
        (tmp_path / "secret.mp4").write_bytes(clip.read_bytes())
        sent = {"path": str(tmp_path / "secret.mp4"), "meta": {"_type": "gradio.FileData"}}
        answer = httpx.post(f"{web.src}gradio_api/call/preview", json={"data": [STEPS, "strip", sent]})
        assert answer.status_code == 422
        assert answer.json() == {"detail": f"file: 'secret.mp4' {NOT_YOURS}"}

    def test_text_that_pretends_is_refused_by_name(self, web: Client, tmp_path: Path) -> None:
        (tmp_path / "notes.mp4").write_text("this is no clip")
        with pytest.raises(AppError, match=r"notes\.mp4: this cannot be read .*Try another file"):
            web.predict(STEPS, file=handle_file(tmp_path / "notes.mp4"), api_name="/render")
