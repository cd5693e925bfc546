"""The Share tab and files of others: none of them is read, whatever names it."""

from pathlib import Path
from typing import Any

import pytest
from share_app import LOOK, SAID, changed, recipe, template_file, told, upload, values

from vgan.errors import RecipeError
from vgan.ui import templates
from vgan.ui.services import Studio
from vgan.ui.tabs.post_actions import PostActions
from vgan.ui.tabs.share_actions import ShareActions

pytest_plugins = ["enhance_app", "share_app"]

GREY = {"kind": "grade", "saturation": -1}
NOT_YOURS = "is not a file that you uploaded"


class TestStrangers:
    @pytest.fixture
    def theirs(self, studio: Studio) -> Path:
        """A clip of another visit."""
        (*_, last) = studio.render("the other visit", recipe(LOOK))
        return Path(last.clip.path)

    def refused(self, act: Any, *names: str) -> None:
        """`act` is refused for every one of `names`, in words that are the same but for the name."""
        said = set()
        for name in names:
            with pytest.raises(RecipeError, match=NOT_YOURS) as error:
                act(name)
            said.add(str(error.value).replace(repr(Path(name).name), "it"))
        assert len(said) == 1

    def paths(self, theirs: Path) -> tuple[str, ...]:
        return ("/etc/passwd", "/etc/no-such-file", str(theirs), str(theirs.with_name("other.mp4")))

    def test_files_in_a_recipe(self, do: ShareActions, clip: Path, theirs: Path, visit: Any) -> None:
        paths = self.paths(theirs)
        self.refused(lambda name: do.show(visit, *values(sound={"music": name})), *paths)
        self.refused(lambda name: do.show(visit, *values(over=[{"kind": "picture", "path": name}])), *paths)
        self.refused(lambda name: do.show(visit, *values(upload(Path(name)))), *paths)
        fonts = ("/etc/passwd.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
        self.refused(lambda name: do.show(visit, *values(over=[SAID | {"font": name}])), *fonts)

    def test_files_that_are_told_of(self, do: ShareActions, theirs: Path, visit: Any) -> None:
        paths, now = self.paths(theirs), values(over=[{"kind": "picture", "path": ""}, SAID])
        self.refused(lambda name: do.take_music(told(path=name), visit, *now), *paths)
        self.refused(lambda name: do.take_file(told(path=name, layer=0, field="path"), visit, *now), *paths)
        self.refused(lambda name: do.take_file(told(path=name, layer=1, field="cues"), visit, *now), *paths)
        self.refused(lambda name: do.bring(told(path=name), templates.NOTHING), *paths)
        self.refused(lambda name: do.take_upload(told(path=name), visit, *now), *paths)

    def test_files_of_the_source_in_every_event(
        self, do: ShareActions, post: PostActions, music: Path, theirs: Path, visit: Any
    ) -> None:
        """None of them is opened before it is looked at whose it is."""
        paths, quote = self.paths(theirs), {"name": "quote", "values": {}, "brand": {}}
        held = {"sound": {"music": str(music)}, "own": True, "upload": True}

        def of(name: str) -> Any:
            return values(upload(Path(name)), sound={"music": str(music)})

        self.refused(lambda name: do.fill(visit, quote, *of(name)), *paths)
        self.refused(lambda name: do.take_music(told(path=str(music)), visit, *of(name)), *paths)
        self.refused(lambda name: do.drop_music(visit, *changed(of(name), sound=held)), *paths)
        self.refused(lambda name: post.read_mood(visit, *of(name)), *paths)
        self.refused(lambda name: post.use(told(mood="happy"), visit, *of(name)), *paths)
        self.refused(lambda name: list(do.draft(visit, *of(name))), *paths)
        self.refused(lambda name: list(do.render_all(["1:1"], quote, visit, *of(name))), *paths)
        self.refused(lambda name: do.bars(told(bars=2), visit, *values(sound={"music": name})), *paths)

    def test_files_in_blanks_and_brand_kits(self, do: ShareActions, theirs: Path, visit: Any) -> None:
        paths = self.paths(theirs)

        def chosen(**held: Any) -> dict[str, Any]:
            return {"name": "birthday", "values": {}, "brand": {}} | held

        self.refused(lambda name: do.fill(visit, chosen(values={"photo": name}), *values()), *paths)
        self.refused(lambda name: do.fill(visit, chosen(brand={"logo": name}), *values()), *paths)
        fonts = ("/etc/passwd.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
        self.refused(lambda name: do.fill(visit, chosen(brand={"font": name}), *values()), *fonts)
        self.refused(lambda name: do.fill(visit, chosen(name="x", own=[{"path": name}]), *values()), *paths)

    def test_files_that_a_template_names(self, do: ShareActions, arrived: Path, theirs: Path) -> None:
        """Neither in full, nor put together from what is typed into a blank."""
        blanks = {"a": {"label": {"en": "A", "zh": "甲"}, "default": "/etc/passwd"}}

        def named(of: dict[str, Any]) -> None:
            file = template_file(arrived / "sly.json", of | {"steps": [GREY]}, blanks=blanks)
            file.write_text(file.read_text().replace("THERE", str(theirs)))
            with pytest.raises(RecipeError, match="is no file that this template asks for"):
                do.bring(told(path=str(file)), templates.NOTHING)

        said = SAID | {"cues": [{"text": "{a}"}]}
        for path in ("/etc/passwd", "THERE", "{a}", {"$": "a"}, {"en": "/etc/passwd", "zh": "/etc/passwd"}, 3):
            named({"overlays": [{"kind": "picture", "path": path}, said]})
            named({"overlays": [said], "sound": {"music": path}})
            named({"overlays": [said | {"font": path}]})
            named({"overlays": [said], "source": {"kind": "upload", "path": path}})
