"""Custom components: an HTML template, a style and a script of the same name, lying in this folder."""

from pathlib import Path
from typing import Any

import gradio as gr

from vgan.ui.i18n import bundle

_HERE = Path(__file__).resolve().parent


def component(name: str, value: Any, **props: Any) -> gr.HTML:
    """The component `name` with a JSON value; `props` reach its script as they are; Gradio translates its words."""
    return gr.HTML(
        value=value,
        label=bundle(name),
        show_label=False,
        html_template=_read(f"{name}.html"),
        css_template=_read(f"{name}.css"),
        js_on_load=_read("words.js") + _read(f"{name}.js"),
        apply_default_css=False,
        elem_id=f"vgan-{name}",
        **props,
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
