"""The same by program: `/preview`, `/render`, `/words` and `/models`, over HTTP with gradio_client and as MCP tools."""

import secrets
from typing import Any, Literal

import gradio as gr
from gradio.data_classes import FileData

from vgan.catalogue import catalogue
from vgan.errors import RecipeError
from vgan.own_looks import own_looks
from vgan.recipe import Recipe, generated
from vgan.share.formats import FORMATS
from vgan.ui.errors import told
from vgan.ui.model_messages import facts
from vgan.ui.services import Made, Studio
from vgan.ui.strip import animated, data_uri
from vgan.words import applied, read

KINDS = ("webp", "gif", "strip")


def add(studio: Studio) -> None:
    """Add the endpoints to the Blocks that is being built."""

    def preview(recipe: dict, kind: Literal["webp", "gif", "strip"] = "webp", file: FileData | None = None) -> dict:
        """Draw a small looping preview of a clip, 16 frames, in a fraction of a second; of a restyled one in seconds.

        A recipe is, for example, {"source": {"kind": "generate", "look": "aurora", "seed": 7, "hue": 0.45}}. Fields
        left out take their defaults; {} is the default clip. With a file, {"steps": [{"kind": "stylize", "style":
        "great-wave"}]} restyles that clip; its preview is painted small, so strokes are broader than in the render.
        Steps are carried out in order; {"steps": [{"kind": "repair"}, {"kind": "denoise"}]} shows 16 mended moments.

        Args:
            recipe: The clip as a recipe, JSON.
            kind: webp or gif for an animated picture; strip for all frames in one JPEG grid, row by row: the fastest.
            file: A clip or picture of your own as the source, uploaded; empty for a look.

        Returns:
            image (the picture as a data URI), width and height of one frame in pixels, frames, columns of the grid
            (1 for animated pictures), seconds of one loop.
        """
        wanted = asked(recipe, file)
        studio.check(wanted)
        seconds = studio.seconds(wanted)
        if kind not in KINDS:
            raise RecipeError(f"kind: {str(kind)[:80]!r} is not known. Allowed: {', '.join(KINDS)}.")
        if kind == "strip":
            strip = studio.preview(wanted)
            size = {"width": strip.width, "height": strip.height, "frames": strip.frames}
            return {"image": strip.data, **size, "columns": strip.columns, "seconds": seconds}
        frames = studio.frames(wanted)
        count, height, width, _ = frames.shape
        image = data_uri(animated(frames, seconds, kind), f"image/{kind}")
        return {"image": image, "width": width, "height": height, "frames": count, "columns": 1, "seconds": seconds}

    def render(recipe: dict, file: FileData | None = None, music: FileData | None = None) -> tuple[FileData, dict]:
        """Render a clip to a finished file: MP4, WebM, GIF, animated WebP, or PNG frames in a zip.

        A recipe is, for example, {"source": {"kind": "generate", "look": "aurora", "seconds": 4},
        "share": {"aspect": "9:16", "short_side": 720, "fps": 30, "format": "mp4"}}. Fields left out take defaults.
        With a file, {"source": {"kind": "upload", "start": 0, "end": 5}, "steps": [{"kind": "stylize", "style":
        "great-wave", "strength": 0.8}]} restyles that clip, with its size, length and sound. {"steps": [{"kind":
        "repair"}, {"kind": "denoise", "strength": 0.8}, {"kind": "grade", "auto": 0.6}, {"kind": "upscale", "factor":
        2}, {"kind": "interpolate", "fps": 60}]} mends it in one pass; other kinds: sharpen, dedupe, trim, crop, scale,
        reframe. {"overlays": [{"kind": "captions", "cues": [{"start": 0, "end": 2, "text": "Hello"}]}]} lays words
        over it; other kinds: countdown, mark, wave, picture. {"sound": {"drives": [{"field": "brightness", "band":
        "beats"}]}} with music lets the beats move a look.

        Args:
            recipe: The clip as a recipe, JSON.
            file: A clip or picture of your own as the source, uploaded (gradio_client: handle_file(path)); empty for a
                look.
            music: A sound, or a video whose sound is used, uploaded; empty for none.

        Returns:
            The file, and its facts: width and height in pixels, fps, frames, seconds, bytes, format, spared (whether
            the graphics memory was full, and the processor has drawn it), name, waited (seconds in the line before this
            machine), recipe.
        """
        wanted = asked(recipe, file, music)
        steps = list(studio.render(f"http-{secrets.token_urlsafe(16)}", wanted))
        made = next(step for step in steps if isinstance(step, Made))
        clip = made.clip
        facts: dict[str, Any] = {
            name: getattr(clip, name)
            for name in ("width", "height", "fps", "frames", "seconds", "bytes", "format", "spared")
        }
        facts |= {"name": clip.path.name, "waited": round(made.waited, 2), "recipe": wanted.model_dump(mode="json")}
        mime = FORMATS[wanted.share.format].mime
        return FileData(path=str(clip.path), orig_name=clip.path.name, size=clip.bytes, mime_type=mime), facts

    def words(sentence: str, recipe: dict | None = None) -> dict:
        """Turn a sentence into a recipe: "slow green aurora over dark, calm" names a look, a colour, a pace, a light.

        What the sentence does not speak of stays as the recipe has it. English works best; of Chinese the words for
        looks, colours, light and pace are known. The recipe then goes to /render or /preview.

        Args:
            sentence: Up to 300 characters.
            recipe: Where to begin, JSON; empty for the default clip. Its source must be a look.

        Returns:
            recipe (the whole recipe), understood (look, and each attribute spoken of: value in [0, 1], its spread, how
            sure, which word said it; hue in turns of the colour wheel), missed (words that changed nothing).
        """
        begin = Recipe.parse(recipe or {})
        source = generated(begin)
        reading = read(sentence, studio.models)
        made = begin.model_copy(update={"source": applied(reading, source)})
        facts = reading.facts()
        missed = facts.pop("missed")
        return {"recipe": made.model_dump(mode="json"), "understood": facts, "missed": missed}

    def models() -> list:
        """List every model that the app can use: looks, styles, enhancers, and what else draws or reads.

        Returns:
            One object for each: name, title, kind (mine, look, style, enhance, motion, words), family, look (as recipes
            say the first one that it plays, empty for none), parameters (0 until it is loaded, where only that tells),
            bytes of its file, state (ready, fetch, missing), licence, sell (whether clips made with it may be sold:
            yes, no, own, ask), origin (shipped, hub, package, mine), repo_id, revision, source.
        """
        own = [look.name for look in own_looks(studio.settings)]
        return [facts(entry) for entry in catalogue(studio.settings, own)]

    def asked(recipe: Any, file: Any, music: Any = None) -> Recipe:
        """The recipe, with the uploaded files as its source and music. Which files may be named is checked where they
        are used."""
        if music and isinstance(recipe, dict):
            sound = recipe.get("sound") or {}
            recipe = {
                **recipe,
                "sound": {**(sound if isinstance(sound, dict) else {}), "music": path_of("music", music)},
            }
        if not file:
            return Recipe.parse(recipe)
        path = path_of("file", file)
        source = recipe.get("source", {}) if isinstance(recipe, dict) else None
        if not isinstance(source, dict) or source.get("kind", "upload") != "upload":
            raise RecipeError('source.kind: with a file it is "upload". Leave it out, or give no file.')
        return Recipe.parse({**recipe, "source": {**source, "kind": "upload", "path": path}})

    def path_of(name: str, file: Any) -> str:
        """Where an uploaded file lies."""
        path = file.get("path") if isinstance(file, dict) else getattr(file, "path", None)
        if not isinstance(path, str):
            raise RecipeError(f"{name}: {str(file)[:80]!r} is no uploaded file. gradio_client: handle_file(path).")
        return path

    # gradio_client queues whatever says queue=False: without a limit here, previews wait in our own line alone
    gr.api(told(preview), api_name="preview", queue=False, concurrency_limit=None)
    gr.api(told(models), api_name="models", queue=False, concurrency_limit=None)
    gr.api(told(words), api_name="words", concurrency_limit=1, concurrency_id="words")
    gr.api(told(render), api_name="render", concurrency_limit=None, concurrency_id="device")
