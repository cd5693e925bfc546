"""The words of the group "Your picture" of the Create tab, in English and Chinese. See `vgan.ui.i18n`."""

PICTURE_WORDS: dict[str, tuple[str, str]] = {
    "your_picture": ("Your picture", "你的图片"),
    "picture_hint": (
        "The look learns to draw your picture and brings it to life. Then every slider works on it.",
        "所选风格会学着画出你的图片并让它动起来，之后所有滑块都可以调整它。",
    ),
    "picture_drop": ("Drop a picture", "拖入图片"),
    "picture_kinds": ("A picture, or the first frame of a clip; at most %time%", "图片，或短片的第一帧；最多 %time%"),
    "picture_again": ("Drop another to replace it", "拖入另一张以替换"),
    "picture_searching": ("Looking for it in this look", "正在用此风格寻找"),
    "picture_find": ("Find it with this look", "用此风格寻找"),
    "picture_remove": ("Remove", "移除"),
    "picture_before": ("Yours", "原图"),
    "picture_after": ("As the look draws it", "此风格的画法"),
    "picture_very_close": ("Very close", "非常接近"),
    "picture_close": ("Close", "接近"),
    "picture_roughly": ("Colours and large shapes are there", "颜色与大致形状相近"),
    "picture_far": (
        "Far from it: this look cannot draw such a picture. Try another look, or a simpler picture.",
        "相差较远：此风格画不出这样的图片。请换一种风格或更简单的图片。",
    ),
    "picture_recipe": ("A picture that came with a recipe", "随配方带来的图片"),
    "picture_score": ("LPIPS %score%: 0 is the same picture", "LPIPS %score%：0 表示完全相同"),
}
PICTURE_BUNDLE = (
    " ".join(key for key in PICTURE_WORDS if key != "your_picture")
    + " uploading upload_failed fault_file min sec left cancel before_you begins_in begins_soon"
)
