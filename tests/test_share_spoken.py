"""The Share tab in two languages: every word that a component speaks is there in both."""

import re
from pathlib import Path

import pytest

from vgan.ui import i18n
from vgan.ui.i18n_report import REPORT_WORDS
from vgan.ui.i18n_share import SHARE_BUNDLES, SHARE_WORDS

pytest_plugins = ["enhance_app", "share_app"]


class TestTranslations:
    @pytest.mark.parametrize("key", sorted({**SHARE_WORDS, **REPORT_WORDS}))
    def test_both_languages(self, key: str) -> None:
        english, chinese = {**SHARE_WORDS, **REPORT_WORDS}[key]
        assert english.strip()
        assert chinese.strip()
        assert english != chinese, key

    @pytest.mark.parametrize("name", [*SHARE_BUNDLES, "report", "compare", "source", "layers", "timeline", "clips"])
    def test_every_word_that_a_script_speaks_is_in_its_bundle(self, name: str) -> None:
        lines = i18n.translations().translations_dict["en"][f"vgan_bundle_{name}"].splitlines()
        spoken = {line.partition(": ")[0] for line in lines}
        assert not {key for key in spoken_by(name) if not key.endswith("_")} - spoken


def spoken_by(name: str) -> set[str]:
    """Keys that the script of a component names."""
    here = Path(i18n.__file__).parent / "web" / f"{name}.js"
    return set(re.findall(r'words\("([a-z][a-z0-9_]*)"', here.read_text(encoding="utf-8")))
