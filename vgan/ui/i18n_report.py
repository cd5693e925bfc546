"""The words of the post-ready report, in English and Chinese; its points and phrases are `vgan.share.words`."""

import re

from vgan.share.words import TITLES, WORDS

REPORT_WORDS: dict[str, tuple[str, str]] = {
    "check": ("Ready to post?", "可以发布了吗？"),
    "check_hint": (
        "Once the clip is rendered, its file is checked here against what the platform takes.",
        "短片渲染完成后，会在此按平台要求检查文件。",
    ),
    "checking": ("Checking the file", "正在检查文件"),
    "ready": ("Ready to post: %place%", "可以发布：%place%"),
    "ready_not": ("Not ready yet: %place%", "尚不能发布：%place%"),
    "wanted": ("wanted: %what%", "要求：%what%"),
    "unmendable": ("cannot be mended here", "此处无法修正"),
    "mend": ("Mend what can be mended", "修正可修正的项目"),
    "cover": ("Cover as JPEG", "封面 JPEG"),
    "passed_of": ("%n% points pass", "%n% 项通过"),
    "sources_of": ("Whose work is in it (%n%)", "素材与权重来源（%n%）"),
    "passes_yes": ("passes", "通过"),
    "passes_warns": ("could be better", "可改进"),
    "passes_no": ("fails", "未通过"),
    "sold_yes": ("may be sold, as far as the weights go", "就权重许可而言可以出售"),
    "sold_no": ("may not be sold: a licence of the weights forbids it", "不可出售：权重许可不允许"),
    "sold_unknown": ("whether it may be sold is not known", "能否出售未知"),
}
REPORT_BUNDLE = " ".join([*REPORT_WORDS, "anywhere"])

ZH_TITLES = {
    "whole": "可完整读取",
    "container": "文件类型",
    "codec": "画面编码",
    "profile": "编码规格",
    "pixels": "像素格式",
    "colours": "色彩",
    "grid": "偶数尺寸",
    "aspect": "画幅",
    "side": "分辨率",
    "rate": "帧率",
    "steady": "恒定帧率",
    "length": "时长",
    "weight": "文件大小",
    "bits": "码率",
    "faststart": "边下边播",
    "keys": "关键帧",
    "sound": "声音",
    "together": "声画同时结束",
    "loudness": "响度",
    "peak": "真峰值",
    "first": "首帧",
    "seam": "循环",
    "recipe": "内含配方",
    "disclosure": "内含 AI 声明",
}

ZH_WORDS = {
    "value": "%value%",
    "one_of": "%values%",
    "whole": "完整",
    "damaged": "损坏或被截断",
    "progressive": "%pixels%，逐行",
    "interlaced": "%pixels%，隔行",
    "bt709": "已标为 BT.709",
    "colours_unnamed": "未标明，播放器只能猜测",
    "colours_other": "标为 BT.709 以外的色彩",
    "size": "%width% x %height%",
    "size_not_square": "%width% x %height%，像素非正方形",
    "even": "边长为偶数，像素为正方形",
    "sides": "短边至少 %least%，最佳 %best%；长边最多 %most%",
    "rate": "每秒 %value% 帧",
    "rates": "每秒 %least% 至 %most% 帧，最佳 %best%",
    "steady": "每帧时长相同",
    "unsteady": "各帧时长不一",
    "seconds": "%value% 秒",
    "lengths": "%least% 至 %most% 秒",
    "megabytes": "%value% MB",
    "at_most_mb": "最多 %value% MB",
    "mbit": "%value% Mbit/s",
    "at_most_mbit": "最多 %value% Mbit/s",
    "index_first": "索引在前",
    "index_last": "索引在后：须全部下载才能播放",
    "closed": "最多每 %seconds% 秒一个，闭合组",
    "open": "最多每 %seconds% 秒一个，非闭合组",
    "no_sound": "无",
    "sound": "%codec%，%rate% kHz，声道：%channels%",
    "together": "同时结束",
    "sound_longer": "声音多出 %seconds% 秒",
    "lufs": "%value% LUFS",
    "silent": "静音",
    "peak": "%value% dBTP",
    "at_most_peak": "最多 %value% dBTP",
    "black": "黑色：会出现在封面和预览中",
    "picture": "有画面",
    "loops": "首尾相接",
    "ends_elsewhere": "首尾不同：不循环",
    "either_way": "两者皆可",
    "recipe_inside": "有",
    "recipe_missing": "无",
    "recipe_damaged": "有，但无法读取",
    "disclosed": "已标明由 AI 制作",
    "undisclosed": "未标明",
}

_BLANK = re.compile(r"\{(\w+)[^}]*\}")


def report_words() -> dict[str, tuple[str, str]]:
    """Titles and phrases of the report, in both languages, by the keys of its bundle."""
    titles = {f"point_{name}": (text, ZH_TITLES[name]) for name, text in TITLES.items()}
    return titles | {f"said_{key}": (_BLANK.sub(r"%\1%", text), ZH_WORDS[key]) for key, text in WORDS.items()}
