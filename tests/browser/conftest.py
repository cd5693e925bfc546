"""One app and one browser for the whole folder. The app is the real one, in a process of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from vgan.models.srvgg import CompactParams
from vgan.settings import PROJECT, Settings

sys.path.append(str(PROJECT / "tests"))  # what tests of all kinds share

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser: requirements-dev.txt")

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
START_SECONDS = 180
SLOW_MS = 60_000
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
CANVAS = "#vgan-stage canvas[data-part=canvas]"
AFTER = "#vgan-compare img[data-part=after]"
BEFORE = "#vgan-compare img[data-part=before]"
ENHANCED = "#vgan-enhance-compare img[data-part=after]"
SHARED = "#vgan-share-stage img[data-part=after]"
FEATURES = PROJECT.parent / "shared" / "data" / "weights" / "squeezenet1_1.safetensors"


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled weights; in place of those that are not there yet, untrained ones of the same kind."""
    import untrained

    folder = tmp_path_factory.mktemp("weights")
    untrained.write(folder / "looks")
    untrained.write_styles(folder / "styles")
    untrained.write_all_enhancers(folder, CompactParams())  # as large as those that ship, with which they are blended
    for bundled in sorted(file.parent for file in Settings().weights.glob("*/model.safetensors")):
        shutil.copytree(bundled, folder / bundled.name, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app keeps looks that are trained in it."""
    return tmp_path_factory.mktemp("looks")


@pytest.fixture(scope="session")
def address(weights: Path, looks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app listens. VGAN_APP names one that runs already, for quick rounds while working on the page."""
    if "VGAN_APP" in os.environ:
        yield os.environ["VGAN_APP"]
        return
    folder = tmp_path_factory.mktemp("app")
    url, settings = own_place(folder, weights)
    settings |= {
        "VGAN_FEATURES": str(FEATURES),
        "VGAN_FIT_SECONDS": "1",
        "VGAN_INVERT_SECONDS": "3",
        "VGAN_LOOKS": str(looks),
        "VGAN_TRAIN_MINUTES": "0.05,20",
    }
    with (folder / "log").open("w") as log:
        command = [sys.executable, "app.py"]
        app = subprocess.Popen(command, cwd=PROJECT, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(url, app, folder / "log")
            yield url
        finally:
            app.terminate()
            app.wait(timeout=30)


def own_place(folder: Path, weights: Path) -> tuple[str, dict[str, str]]:
    """An address that is free, and the settings of an app there that keeps all it has in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/", {
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "HF_HOME": str(folder / "hub"),
        "VGAN_OFFLINE": "1",
        "VGAN_WEIGHTS": str(weights),
        "VGAN_OUTPUTS": str(folder / "clips"),
    }


def _wait_for(url: str, app: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if app.poll() is not None:
            pytest.fail(f"the app ended at once:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"the app did not answer within {START_SECONDS} s:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium: the system's, else playwright's own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except sync_api.Error as error:
            pytest.skip(
                f"no Chromium here: apt-get install chromium, or playwright install chromium ({str(error)[:80]})"
            )
        yield browser
        browser.close()


@dataclass
class Studio:
    """An open page, with the words of somebody who uses it.

    faults: what the console and the network complained about. busy: requests that are under way. shown: the picture
    of the tab that is open, before and after which something is compared.
    """

    page: Any
    address: str
    faults: list[str] = field(default_factory=list)
    busy: set[Any] = field(default_factory=set)
    shown: str = AFTER

    def open(self, query: str = "") -> "Studio":
        """Open the app and wait until a picture plays."""
        self.page.goto(self.address + query)
        self.page.wait_for_selector(f"{CANVAS}[data-shown]", state="attached", timeout=SLOW_MS)
        self.page.wait_for_selector("#create[data-settled]", state="attached")
        self.settle()
        return self

    def style(self) -> "Studio":
        """Open the Style tab and wait until its picture is there."""
        return self._tab("Style|画风", "style", AFTER)

    def enhance(self) -> "Studio":
        """Open the Enhance tab and wait until its picture is there."""
        return self._tab("Enhance|增强", "enhance", ENHANCED)

    def share(self) -> "Studio":
        """Open the Share tab and wait until its picture is there."""
        return self._tab("Share|分享", "share", SHARED)

    def train(self) -> "Studio":
        """Open the Train tab."""
        self.page.get_by_role("tab", name=re.compile("Train|训练")).click()
        self.page.wait_for_selector("#train[data-settled]", state="attached")
        self.settle()
        return self

    def _tab(self, name: str, place: str, shown: str) -> "Studio":
        self.shown = shown
        self.page.get_by_role("tab", name=re.compile(name)).click()
        self.page.wait_for_selector(f"{shown}[data-shown]", timeout=SLOW_MS)
        self.page.wait_for_selector(f"#{place}[data-settled]", state="attached")
        self.settle()
        return self

    def after(self, act: Any, stage: str = CANVAS) -> None:
        """Do `act` and wait until the stage shows something new because of it."""
        before = int(self.page.get_attribute(stage, "data-shown"))
        act()
        self.page.wait_for_function(
            "([stage, before]) => Number(document.querySelector(stage).dataset.shown) > before",
            arg=[stage, before],
            timeout=SLOW_MS,
        )

    def repainted(self, act: Any) -> None:
        """The same in the tab that is open, and nothing else is under way."""
        self.after(act, self.shown)
        self.settle()

    def picture(self, shown: str = CANVAS) -> list[float]:
        """A canvas or a picture of the page as 16 x 16 grey levels: by default the stage, one moment of the loop."""
        return [sum(pixel) / 3 for pixel in self.pixels(shown)]

    def pixels(self, shown: str) -> list[list[float]]:
        """The same in colour: red, green and blue of each."""
        script = """(canvas) => {
            const small = document.createElement("canvas");
            small.width = small.height = 16;
            const pen = small.getContext("2d");
            pen.drawImage(document.querySelector(canvas), 0, 0, 16, 16);
            const data = pen.getImageData(0, 0, 16, 16).data;
            return Array.from({ length: 256 }, (_, at) => Array.from(data.slice(4 * at, 4 * at + 3)));
        }"""
        return list(self.page.evaluate(script, shown))

    def slide(self, name: str, value: float) -> None:
        """Move the slider of recipe field `name` and let it go."""
        script = """(slider, value) => {
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            slider.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        }"""
        self.page.eval_on_selector(f"#f-{name.replace('_', '-')} input[type=range]", script, value)

    def unfold(self, group: str) -> None:
        """Open a group of the column, if it is closed."""
        head = self.page.locator(f"#{group} > .label-wrap")
        if "open" not in (head.get_attribute("class") or "").split():
            head.click()

    def write(self, selector: str, text: str) -> None:
        """Type `text` into a box. One whose group has just been unfolded may still be given its first value, faster
        than any person types, so it is looked at again before going on."""
        for _ in range(20):
            self.page.fill(selector, text)
            self.page.wait_for_timeout(150)
            if self.page.input_value(selector) == text:
                return
        pytest.fail(f"{selector} does not keep what is typed into it")

    def chip(self, name: str, value: str, place: str = "f") -> None:
        """Press a chip of recipe field `name`. place: what its id begins with."""
        self.page.locator(
            f"#{place}-{name.replace('_', '-')} label", has_text=re.compile(f"^\\s*{value}\\s*$", re.I)
        ).click()

    def nameless(self, place: str) -> list[str]:
        """What can be used in `place` and is seen, and has no name for somebody who cannot see it."""
        script = """(place) => [...document.querySelectorAll(`${place} :is(button, input, textarea, a, canvas[role])`)]
            .filter((node) => node.checkVisibility())
            .filter((node) => !(node.getAttribute("aria-label") || node.title || node.innerText?.trim()
              || node.labels?.length || node.closest("label")?.innerText.trim()))
            .map((node) => node.outerHTML.slice(0, 120))"""
        return list(self.page.evaluate(script, place))

    def settle(self) -> None:
        """Wait until the app has answered everything, so that what comes next is not overtaken."""
        quiet, end = 0, time.monotonic() + SLOW_MS / 1000
        while quiet < 3 and time.monotonic() < end:
            self.page.wait_for_timeout(50)
            quiet = 0 if self.busy else quiet + 1

    def shoot(self, name: str) -> None:
        """Keep a picture of the page, if VGAN_SCREENSHOTS names a folder."""
        folder = os.environ.get("VGAN_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.wait_for_function("[...document.images].every((image) => image.complete)")
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def studio(request: pytest.FixtureRequest, chromium: Any, address: str) -> Iterator[Studio]:
    """A fresh page; parametrise indirectly with options of the browser context.

    Fails at its end if the console or the network had anything to complain about.
    """
    options = {"viewport": DESK, "accept_downloads": True} | getattr(request, "param", {})
    context = chromium.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    studio = Studio(page, address)
    page.on("console", lambda line: studio.faults.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: studio.faults.append(f"script: {error}"))
    page.on("request", lambda sent: _note(studio, sent))
    page.on("requestfinished", lambda sent: studio.busy.discard(sent))
    page.on("requestfailed", lambda sent: studio.busy.discard(sent))
    yield studio
    context.close()
    assert not studio.faults


def _note(studio: Studio, sent: Any) -> None:
    if not sent.url.startswith((studio.address, "data:", "blob:")):
        studio.faults.append(f"a request to another host: {sent.url[:200]}")
    if "/run/predict" in sent.url:
        studio.busy.add(sent)
