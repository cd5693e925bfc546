"""Which files a request may name: uploads, examples, and the files of the visit that asks."""

from pathlib import Path

import pytest
from style_app import LOOK, style_file

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.ui import uploads
from vgan.ui.services import Studio

pytest_plugins = ["style_app"]

NOT_YOURS = "is not a file that you uploaded. Drop it on the page first."


class TestFiles:
    def test_uploads_examples_and_own_files_are_allowed(
        self, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "EXAMPLES", tmp_path / "examples")
        for folder in ("examples", "visit"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "a.mp4").touch()
        assert uploads.check_file("f", str(clip)) == clip.resolve()
        example = tmp_path / "examples" / "a.mp4"
        assert uploads.check_file("f", str(example)) == example.resolve()
        assert uploads.check_file("f", str(tmp_path / "visit" / "a.mp4"), tmp_path / "visit").name == "a.mp4"

    @pytest.mark.parametrize(
        "name",
        [
            "{outside}/secret.mp4",
            "{outside}/gone.mp4",
            "{arrived}/link.mp4",
            "{arrived}/folder/secret.mp4",
            "{arrived}/../{parent}/secret.mp4",
            "{arrived}",
            "{arrived}/circle.mp4",
            "My walk.mp4",
            "../secret.mp4",
            "{arrived}/a\0b.mp4",
            "{arrived}/" + "n" * 5000,
            "",
        ],
    )
    def test_every_other_name_is_refused_in_the_same_words(
        self, arrived: Path, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        (tmp_path / "secret.mp4").touch()
        monkeypatch.chdir(arrived)
        for link, target in (("link.mp4", "secret.mp4"), ("folder", ""), ("circle.mp4", None)):
            (arrived / link).unlink(missing_ok=True)
            (arrived / link).symlink_to(tmp_path / target if target is not None else arrived / link)
        asked = name.format(outside=tmp_path, arrived=arrived, parent=tmp_path.relative_to(tmp_path.parents[1]))
        with pytest.raises(RecipeError) as caught:
            uploads.check_file("source.path", asked)
        assert str(caught.value).startswith("source.path: ")
        assert str(caught.value).endswith(NOT_YOURS)
        assert str(tmp_path) not in str(caught.value), "nothing is told about folders"
        assert len(str(caught.value)) < 300

    def test_file_of_another_visit_is_refused(self, studio: Studio) -> None:
        mine = style_file(studio, studio.folder_of("first") / "mine.safetensors")
        studio.add_style("first", str(mine))
        recipe = Recipe.parse(LOOK | {"steps": [{"kind": "stylize", "second": str(mine)}]})
        studio.check(recipe, "first")
        for other in ("second", ""):
            with pytest.raises(RecipeError, match=r"steps\.0\.second: 'mine\.safetensors' is not a file"):
                studio.check(recipe, other)
        with pytest.raises(RecipeError, match="style: 'mine"):
            studio.add_style("second", str(mine))
