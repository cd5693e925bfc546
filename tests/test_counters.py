"""`/health`, `/counters` and `/metrics`: what they say, to whom, with passwords and behind a proxy's prefix."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

import vgan
from vgan.errors import RecipeError
from vgan.recipe import Generate, Recipe, Share, Upload
from vgan.registry import Models
from vgan.settings import PROJECT, Settings
from vgan.ui import beside, guard
from vgan.ui.counters import Counters
from vgan.ui.folders import new_folder, sweep
from vgan.ui.health import Health, commit
from vgan.ui.i18n_counters import COUNTER_WORDS, counter_words
from vgan.ui.observed import Observed
from vgan.ui.services import Made

SMALL = Recipe(source=Generate(look="silk", seconds=1), share=Share(short_side=144, fps=12))
SECRET = "a token that nobody guesses"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    return Observed(Models(Settings()), replace(Settings(), outputs=tmp_path_factory.mktemp("clips"), public=False))


@pytest.fixture
def counters(studio: Observed) -> Iterator[Counters]:
    counters = Counters(Health(studio).now)
    yield counters
    counters.stop()


def client(studio: Observed, counters: Counters, **changes: object) -> TestClient:
    settings = replace(studio.settings, **changes)
    return TestClient(Starlette(routes=beside.routes(settings, Health(studio), counters)))


class TestHealth:
    def test_well(self, studio: Observed, counters: Counters) -> None:
        answer = client(studio, counters).get("/health")
        said = answer.json()
        assert (answer.status_code, said["status"], said["version"]) == (200, "ok", vgan.__version__)
        assert said["device"] in ("cpu", "cuda")
        assert said["line"] == 0
        assert said["disk_free_bytes"] > 0
        assert answer.headers["cache-control"] == "no-store"

    def test_ill(self, studio: Observed, counters: Counters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        sick = Observed(studio.models, replace(studio.settings, weights=tmp_path, outputs=studio.settings.outputs))
        answer = client(sick, counters).get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "degraded"
        assert answer.json()["faults"] == ["weights missing: looks, styles, upscale-x2"]
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "file" / "uploads"))
        gone = Observed(studio.models, replace(studio.settings, outputs=tmp_path / "file" / "clips"))
        assert client(gone, counters).get("/health").json()["faults"] == [
            "the disk is full",
            "finished clips cannot be written",
            "uploads cannot be written",
        ]

    def test_tells_no_paths_and_no_secrets(self, studio: Observed, counters: Counters) -> None:
        said = client(studio, counters, counters_token=SECRET, auth=("ada:word",)).get("/health").text
        for hidden in (SECRET, "ada", "word", str(studio.settings.outputs), str(PROJECT), "/"):
            assert hidden not in said

    def test_commit(self, tmp_path: Path) -> None:
        number = "0123456789abcdef0123456789abcdef01234567"
        assert commit(tmp_path) == ""
        (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
        (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        for name, text in (("packed-refs", f"# pack\n{number} refs/heads/main\n"), ("refs/heads/main", f"{number}\n")):
            commit.cache_clear()
            (tmp_path / ".git" / name).write_text(text)
            assert commit(tmp_path) == number[:12]
        commit.cache_clear()
        (tmp_path / ".git" / "HEAD").write_text("../../etc/passwd\n")
        assert commit(tmp_path) == ""
        commit.cache_clear()


class TestCounted:
    def test_renders_previews_and_refusals(self, studio: Observed, counters: Counters) -> None:
        studio.preview(SMALL)
        made = list(studio.render("visit", SMALL))[-1]
        assert isinstance(made, Made)
        elsewhere = Recipe(source=Upload(path="/etc/hostname"))
        with pytest.raises(RecipeError):
            list(studio.render("visit", elsewhere))
        stopped = studio.render("visit", SMALL.model_copy(update={"source": Generate(look="ink", loops=20)}))
        next(stopped)
        stopped.close()
        found = counters.values()
        assert found["vgan_works_total done"] == 1
        assert found["vgan_works_total refused"] == 1
        assert found["vgan_works_total left"] == 1
        assert found["vgan_files_total"] == 1
        assert found["vgan_frames_total"] == made.clip.frames
        assert found["vgan_previews_total done"] >= 1
        assert found["vgan_work_seconds_count"] == 1
        assert found["vgan_work_seconds_sum"] > 0
        assert found["vgan_memory_bytes"] > 50e6

    def test_what_was_deleted_for_its_age(self, counters: Counters, tmp_path: Path) -> None:
        for _ in range(2):
            os.utime(new_folder(tmp_path), (0, 0))
        assert sweep(tmp_path) == 2
        assert counters.values()["vgan_swept_total"] == 2

    def test_stopped_counters_count_no_more(self, studio: Observed, counters: Counters) -> None:
        counters.stop()
        studio.frames(SMALL)
        assert counters.values().get("vgan_previews_total", 0) == 0


class TestWhoMaySee:
    @pytest.mark.parametrize("path", ["/metrics", "/counters"])
    def test_open_at_home_closed_in_public(self, studio: Observed, counters: Counters, path: str) -> None:
        assert client(studio, counters).get(path).status_code == 200
        assert client(studio, counters, public=True).get(path).status_code == 404
        assert client(studio, counters, auth=("ada:word",)).get(path).status_code == 404

    @pytest.mark.parametrize("path", ["/metrics", "/counters"])
    def test_by_token(self, studio: Observed, counters: Counters, path: str) -> None:
        ask = client(studio, counters, public=True, counters_token=SECRET)
        basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
        for header, status in (
            ("", 401),
            (f"Bearer {SECRET}", 200),
            (f"Basic {basic}", 200),
            ("Bearer ", 401),
            (f"Bearer {SECRET}x", 401),
            ("Basic !!!", 401),
            ("Basic /w==", 401),
            (f"Digest {SECRET}", 401),
        ):
            answer = ask.get(path, headers={"Authorization": header})
            assert answer.status_code == status, header
            assert (status == 200) or "Basic" in answer.headers["www-authenticate"]

    def test_prometheus_can_read_it(self, studio: Observed, counters: Counters) -> None:
        studio.frames(SMALL)
        answer = client(studio, counters).get("/metrics")
        families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        assert {"vgan_works", "vgan_previews", "vgan_line", "vgan_wait_seconds"} <= families.keys()
        assert sum(sample.value for sample in families["vgan_previews"].samples) == 1


class TestPage:
    def test_both_languages(self, studio: Observed, counters: Counters) -> None:
        ask = client(studio, counters)
        for language, index in (("en-GB,en", 0), ("zh-CN,zh;q=0.9,en", 1)):
            page = ask.get("/counters", headers={"Accept-Language": language}).text
            assert all(both[index] in page for both in COUNTER_WORDS.values())
            assert "$" not in page.split("</style>")[-1]
        assert counter_words("")["lang"] == "en"

    def test_every_number_is_shown(self) -> None:
        page = beside.page(
            {"vgan_works_total done": 1234.0, "vgan_wait_seconds_count": 2, "vgan_wait_seconds_sum": 5}, ""
        )
        assert "<dd id=renders>1,234</dd>" in page
        assert "<dd id=waited>2.50</dd>" in page
        assert page.count("<dd id=") == sum(map(len, beside.GROUPS.values()))


class TestInTheApp:
    @pytest.fixture(params=[{}, {"root_path": "/studio"}, {"auth": ("ada:word",)}], ids=["plain", "prefix", "auth"])
    def served(
        self, request: pytest.FixtureRequest, studio: Observed, counters: Counters
    ) -> Iterator[tuple[str, dict[str, object]]]:
        """A small Blocks served as the app is: through the guard, with the routes beside it."""
        settings = replace(studio.settings, auth=request.param.get("auth", ()))
        with gr.Blocks() as blocks:
            gr.Markdown("here")
        blocks.studio = studio  # type: ignore[attr-defined]
        guarded = guard.launch_options(settings)
        guarded["app_kwargs"] |= {"routes": beside.routes(settings, Health(studio), counters)}
        prefix = {"root_path": request.param.get("root_path")}
        _, address, _ = blocks.launch(
            prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **guarded, **prefix
        )
        yield address, request.param
        blocks.close(verbose=False)

    def test_beside_gradios_own_routes(self, served: tuple[str, dict[str, object]]) -> None:
        address, options = served
        assert httpx.get(f"{address}health").json()["status"] == "ok"
        assert httpx.get(f"{address}metrics").status_code == (404 if options.get("auth") else 200)
        config = httpx.get(f"{address}config")
        assert config.status_code == (401 if options.get("auth") else 200)
        if prefix := options.get("root_path"):  # a proxy may cut its prefix off, or leave it on
            assert httpx.get(f"{address}{str(prefix)[1:]}/health").json()["status"] == "ok"
            assert json.loads(config.text)["root"].endswith(str(prefix))


def test_outcomes_have_words_of_their_own() -> None:
    from vgan.errors import Cancelled
    from vgan.ui.jobs import Paused
    from vgan.ui.line import LineFull
    from vgan.ui.observed import outcome_of

    errors = (Paused(1, 2), Cancelled("x"), LineFull("x"), RecipeError("x"), ValueError("x"))
    assert [outcome_of(error) for error in errors] == ["paused", "cancelled", "full", "refused", "failed"]
