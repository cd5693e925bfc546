"""Chains of steps for what people come with. A new one is one row here and its word in `i18n_enhance`."""

from typing import Any

from vgan.recipe_steps import Denoise, Grade, Interpolate, Reframe, Repair, Sharpen, Upscale
from vgan.steps import STEPS

PRESETS: dict[str, tuple[Any, ...]] = {
    "crisp": (Upscale(factor=2),),
    "old_phone": (Repair(), Denoise(strength=0.8), Grade(auto=0.6), Upscale(factor=2, strength=0.4)),
    "screen": (Denoise(strength=0.6), Upscale(factor=2, strength=0.2), Sharpen(strength=0.2)),
    "anime": (Denoise(strength=0.5), Upscale(factor=2, strength=0.8), Interpolate(factor=2)),
    "product": (Denoise(strength=0.4), Grade(auto=0.7, contrast=0.1, saturation=0.1), Upscale(factor=2), Sharpen()),
    "portrait": (Reframe(aspect="9:16"), Upscale(factor=2)),
}


def presets() -> list[dict[str, Any]]:
    """Those whose steps there are, as the page shows them: name and steps."""
    return [
        {"name": name, "steps": [step.model_dump(mode="json") for step in steps]}
        for name, steps in PRESETS.items()
        if all(step.kind in STEPS for step in steps)
    ]
