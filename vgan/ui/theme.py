"""How the app looks: a Gradio theme whose colours are the variables of `assets/theme.css`: they are named once."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, fonts, sizes

from vgan.settings import PROJECT

_CSS = PROJECT / "assets" / "theme.css"
_PAGE = Path(__file__).resolve().parent / "web" / "page.html"

_COLOURS = {
    "body_background_fill": "var(--vg-ground)",
    "body_text_color": "var(--vg-text)",
    "body_text_color_subdued": "var(--vg-soft)",
    "background_fill_primary": "var(--vg-panel)",
    "background_fill_secondary": "var(--vg-raised)",
    "border_color_primary": "var(--vg-line)",
    "border_color_accent": "var(--vg-accent)",
    "color_accent_soft": "var(--vg-raised)",
    "link_text_color": "var(--vg-accent)",
    "block_background_fill": "transparent",
    "block_border_color": "transparent",
    "block_label_background_fill": "transparent",
    "block_label_text_color": "var(--vg-soft)",
    "block_title_text_color": "var(--vg-text)",
    "block_info_text_color": "var(--vg-soft)",
    "panel_background_fill": "transparent",
    "panel_border_color": "transparent",
    "accordion_text_color": "var(--vg-text)",
    "input_background_fill": "var(--vg-raised)",
    "input_background_fill_focus": "var(--vg-raised)",
    "input_border_color": "var(--vg-line)",
    "input_border_color_focus": "var(--vg-accent)",
    "input_placeholder_color": "var(--vg-soft)",
    "slider_color": "var(--vg-accent)",
    "checkbox_background_color_selected": "var(--vg-accent)",
    "checkbox_label_background_fill": "var(--vg-raised)",
    "checkbox_label_background_fill_hover": "var(--vg-line)",
    "checkbox_label_background_fill_selected": "var(--vg-text)",
    "checkbox_label_text_color": "var(--vg-text)",
    "checkbox_label_text_color_selected": "var(--vg-ground)",
    "checkbox_label_border_color": "transparent",
    "button_primary_background_fill": "var(--vg-accent)",
    "button_primary_background_fill_hover": "var(--vg-accent-up)",
    "button_primary_border_color": "transparent",
    "button_primary_text_color": "var(--vg-on-accent)",
    "button_secondary_background_fill": "var(--vg-raised)",
    "button_secondary_background_fill_hover": "var(--vg-line)",
    "button_secondary_border_color": "transparent",
    "button_secondary_text_color": "var(--vg-text)",
}
_SHAPES = {
    "block_border_width": "0px",
    "block_shadow": "none",
    "block_padding": "0px",
    "block_label_padding": "0px",
    "layout_gap": "12px",
    "form_gap_width": "0px",
    "input_radius": "10px",
    "button_large_radius": "12px",
    "button_small_radius": "10px",
    "button_transition": "background 0.15s ease",
    "block_title_text_weight": "400",
    "block_title_text_size": "13px",
    "block_info_text_size": "12px",
    "checkbox_label_text_size": "13px",
    "section_header_text_size": "14px",
    "section_header_text_weight": "600",
}


def theme() -> gr.themes.Base:
    """The theme for `launch(theme=...)`. Its font ships with Gradio; nothing is fetched from elsewhere."""
    base = gr.themes.Base(
        primary_hue=colors.lime,
        neutral_hue=colors.zinc,
        text_size=sizes.text_sm,
        radius_size=sizes.radius_md,
        font=(
            fonts.LocalFont("IBM Plex Sans", weights=(400, 600)),
            *("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "sans-serif"),
        ),
        font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"),
    )
    both = {name: value for key, value in _COLOURS.items() for name in (key, f"{key}_dark")}
    return base.set(**both, **_SHAPES)


def head() -> str:
    """What `launch(head=...)` adds to the page: the script that dresses it, and the style sheet.

    The sheet travels here and not as `css`, because Gradio rewrites the selectors of `css` one comma at a time, which
    breaks `:is(a, b)`, and everything in a media query that lies outside its main column.
    """
    return f"{_PAGE.read_text(encoding='utf-8')}<style>{_CSS.read_text(encoding='utf-8')}</style>"
