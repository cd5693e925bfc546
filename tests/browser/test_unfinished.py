"""The app is killed under open pages, and pages are closed under a render: it is offered again, or forgotten."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import CANVAS, DESK, PHONE, SLOW_MS, _wait_for, own_place
from faults import until
from films import drifting, write_film

from vgan.media.probe import probe
from vgan.settings import PROJECT
from vgan.unfinished import ASIDE

LEFT = "#vgan-unfinished .left"
FACTS = "#vgan-stage [data-part=facts]"
BUSY = "() => document.querySelector('#create').hasAttribute('data-busy')"


class App:
    """The app in a process that can be killed and started again at the same address."""

    def __init__(self, folder: Path, weights: Path):
        self.folder = folder
        self.url, own = own_place(folder, weights)
        self.environment = own | {"VGAN_LOOKS": str(folder / "looks")}
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("a") as log:
            environment = os.environ | self.environment
            command = [sys.executable, "app.py"]
            self.process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(self.url, self.process, self.folder / "log")
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """By force. Nothing that it has started may outlive it."""
        running = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        until(lambda: not [one for one in running if one.is_running()], "the end of what it had started", 15)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def files(self, place: str) -> list[Path]:
        return [path for path in (self.folder / place).rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def app(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = App(tmp_path_factory.mktemp("unfinished"), weights)
    yield app
    app.kill()


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=DESK)
    context.set_default_timeout(SLOW_MS)
    yield context
    context.close()


def opened(context: Any, app: App, query: str = "") -> Any:
    page = context.new_page()
    page.goto(app.url + query)
    ready(page)
    return page


def ready(page: Any) -> None:
    page.wait_for_selector(f"{CANVAS}[data-shown]", state="attached")
    page.wait_for_selector("#create[data-settled]", state="attached")


def begun(page: Any) -> None:
    """Render, and wait until there are some frames."""
    page.click("#b-render")
    page.wait_for_function("() => / %$/.test(document.querySelector('#vgan-meter [data-part=head]').textContent)")


def kept(page: Any) -> list[str]:
    return list(page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('vgan-unfinished'))"))


def said(page: Any) -> str:
    return " ".join(page.inner_text(LEFT).split())


def shoot(page: Any, name: str) -> None:
    if folder := os.environ.get("VGAN_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_killed_and_started_again(context: Any, app: App, tmp_path: Path) -> None:
    made, other = opened(context, app, "?seconds=20"), opened(context, app)
    film = write_film(tmp_path / "walk.mp4", drifting(48, (96, 72)), rate=24)
    other.get_by_role("tab", name="Enhance").click()
    other.wait_for_selector("#enhance[data-settled]", state="attached")
    with other.expect_response("**/upload*"):
        other.set_input_files("#vgan-enhance-source input[type=file]", str(film))
    other.wait_for_function("() => document.querySelector('#vgan-enhance-source').innerText.includes('walk')")
    begun(made)
    other.click("#e-render")  # stands in the line
    other.wait_for_function("() => Object.keys(localStorage).some((key) => key.endsWith('-enhance'))")
    assert not other.locator(LEFT).is_visible(), "its own page is at work on it"
    assert app.files("clips/" + ASIDE)
    made.wait_for_timeout(2300)  # until it is noted how far it is
    app.kill()
    assert app.files("clips/" + ASIDE), "the fault was a real one"
    made.get_by_text("Connection to the server was lost").wait_for()
    other.get_by_text("Connection to the server was lost").wait_for()
    shutil.rmtree(app.folder / "gradio", ignore_errors=True)
    app.start()
    assert "Not finished, because its process was ended: a clip" in app.log
    assert not app.files("clips/" + ASIDE)
    assert not [path for path in app.files("clips") if path.suffix == ".mp4"]

    made.wait_for_selector(LEFT)
    ready(made)
    assert "The last render (Create) did not finish: the app was restarted. It had come to" in said(made)
    shoot(made, "unfinished-desk")
    made.set_viewport_size(PHONE)
    box = made.locator(LEFT).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert all(one.bounding_box()["height"] >= 44 for one in made.locator(f"{LEFT} button").all())
    shoot(made, "unfinished-phone")
    made.set_viewport_size(DESK)
    assert made.locator("#f-seconds input[type=range]").input_value() == "20"

    other.wait_for_selector(LEFT)
    ready(other)
    assert "(Enhance)" in said(other)
    other.click(f"{LEFT} [data-part=again]")
    other.get_by_text("the file that this was made from is no longer here").wait_for()
    other.wait_for_function("() => !Object.keys(localStorage).some((key) => key.endsWith('-enhance'))")
    other.close()

    made.click(f"{LEFT} [data-part=again]")
    made.wait_for_function("() => document.querySelector('#vgan-stage video').src.includes('.mp4')")
    made.wait_for_function(f"() => !({BUSY})()")
    assert not made.locator(LEFT).is_visible()
    assert kept(made) == []
    (clip,) = [path for path in app.files("clips") if path.suffix == ".mp4"]
    assert probe(clip).frames == 600

    shutil.rmtree(clip.parent)
    made.click("#vgan-clips [data-part=list] button")
    made.get_by_text("This clip is no longer here").wait_for()
    assert not made.locator("#vgan-stage [data-part=download]").is_visible()
    shoot(made, "unfinished-gone")


def test_a_page_that_was_closed(context: Any, app: App) -> None:
    first = opened(context, app, "?seconds=30&look=silk")
    begun(first)
    (key,) = kept(first)
    first.close()
    time.sleep(0.5)
    second = opened(context, app)
    assert kept(second) == [key]
    second.wait_for_selector(LEFT)
    assert "The last render (Create) did not finish: its page was closed." in said(second)
    second.click(f"{LEFT} [data-part=forget]")
    assert not second.locator(LEFT).is_visible()
    assert kept(second) == []
    until(lambda: not app.files("clips/" + ASIDE), "the end of what nobody waits for", 10)


def test_in_chinese_and_what_is_finished_or_cancelled_is_not_kept(chromium: Any, app: App) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    context.set_default_timeout(SLOW_MS)
    page = opened(context, app, "?seconds=30")
    begun(page)
    page.reload()
    page.wait_for_selector(LEFT)
    assert "上一次渲染（创作）没有完成" in said(page)
    shoot(page, "unfinished-zh")
    ready(page)
    page.click(f"{LEFT} [data-part=forget]")
    page.wait_for_function(f"() => !({BUSY})()")
    begun(page)
    assert len(kept(page)) == 1
    page.click("#b-cancel")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('vgan-unfinished'))")
    assert not page.locator(LEFT).is_visible()
    context.close()


def test_nonsense_in_the_browser_is_thrown_away(context: Any, app: App) -> None:
    page = opened(context, app)
    page.evaluate("""() => {
        for (const text of ["{", "null", '{"tab": "create"}', '{"tab": "no", "recipe": "{}"}'])
            localStorage.setItem("vgan-unfinished-" + text.length, text);
        const entry = { tab: "create", page: "other", recipe: "no recipe", began: Date.now(), seen: 0 };
        localStorage.setItem("vgan-unfinished-five", JSON.stringify(entry));
    }""")
    page.reload()
    page.wait_for_selector(LEFT)
    ready(page)
    assert kept(page) == ["vgan-unfinished-five"]
    entry = page.evaluate("() => localStorage.getItem('vgan-unfinished-five')")
    page.click("#vgan-head [data-part=kept]")
    page.click("#vgan-head [data-part=delete]")
    page.click("#vgan-head [data-part=delete]")
    page.wait_for_function("() => !localStorage.getItem('vgan-unfinished-five')")
    page.wait_for_timeout(1500)  # it loads itself anew
    ready(page)
    assert not page.locator(LEFT).is_visible()
    page.evaluate("(entry) => localStorage.setItem('vgan-unfinished-five', entry)", entry)
    page.wait_for_selector(LEFT)
    page.click(f"{LEFT} [data-part=again]")
    page.get_by_text("recipe:").first.wait_for()
    assert not page.locator(LEFT).is_visible()
