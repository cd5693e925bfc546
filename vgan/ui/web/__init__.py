"""Custom components: an HTML template, a style and a script of the same name, lying in this folder."""

from pathlib import Path
from typing import Any

import gradio as gr

from vgan.ui.i18n import bundle

_HERE = Path(__file__).resolve().parent


def component(
    name: str, value: Any, *, words: str = "", base: str = "", script: str = "", elem_id: str = "", **props: Any
) -> gr.HTML:
    """The component `name` with a JSON value; `props` reach its script as they are; Gradio translates its words.

    words: the bundle that it speaks, if not the one of its own name. base: the component whose style it begins with.
    script: those that its own begins with, with spaces between them.
    """
    return gr.HTML(
        value=value,
        label=bundle(words or name),
        show_label=False,
        html_template=_read(f"{name}.html"),
        css_template="".join(_read(f"{part}.css") for part in (base, name) if part),
        js_on_load="".join(_read(f"{part}.js") for part in ("words", *script.split(), name)),
        apply_default_css=False,
        elem_id=elem_id or f"vgan-{name}",
        elem_classes=f"vgan-{base or name}",
        **props,
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
