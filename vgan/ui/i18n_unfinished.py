"""What is said of a render that did not go as it should, in English and Chinese. See `vgan.ui.i18n`."""

UNFINISHED_WORDS: dict[str, tuple[str, str]] = {
    "left_title": ("The last render (%tab%) did not finish:", "上一次渲染（%tab%）没有完成："),
    "left_restarted": ("the app was restarted.", "应用已重新启动。"),
    "left_closed": ("its page was closed.", "页面已关闭。"),
    "left_share": ("It had come to %n% %.", "已完成 %n% %。"),
    "left_again": ("Make it again", "重新制作"),
    "spared": (
        "Drawn on the processor: the graphics memory was full",
        "显存已满，改用处理器绘制",
    ),
    "gone_title": ("This clip is no longer here", "此短片已不在"),
    "gone_text": (
        "Clips are deleted when they are old. Use its recipe, and render it again.",
        "旧短片会被删除。请使用其配方重新渲染。",
    ),
    "left_forget": ("Forget it", "不用了"),
}
UNFINISHED_BUNDLE = (
    "left_title left_restarted left_closed left_share left_again left_forget tab_create tab_style tab_enhance tab_share"
)
GONE_WORDS = "spared gone_title gone_text"
