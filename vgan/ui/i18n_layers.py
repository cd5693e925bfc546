"""The words of the list of words and pictures, in English and Chinese. See `vgan.ui.i18n`."""

from vgan.recipe_overlays import OVERLAY_KINDS
from vgan.text.font_list import FONTS
from vgan.ui.i18n_enhance import ENHANCE_WORDS

TITLES: dict[str, tuple[str, str]] = {
    "captions": ("Words", "文字"),
    "countdown": ("Countdown", "倒计时"),
    "picture": ("Picture", "图片"),
    "wave": ("Sound wave", "声波"),
    "mark": ("AI mark", "AI 标记"),
}
ABOUT: dict[str, tuple[str, str]] = {
    "captions": ("Lines at their times, all in one look.", "按时间显示的文字，统一样式。"),
    "countdown": ("Numbers, one a second, and a word after the last.", "每秒一个数字，最后显示一句话。"),
    "picture": ("A logo or a product over the clip.", "叠加在短片上的标志或商品。"),
    "wave": ("The sound, drawn as it is heard.", "随声音绘制的图形。"),
    "mark": ("A small mark that says how the picture was made.", "说明画面制作方式的小标记。"),
}
WORD_LOOK_TITLES: dict[str, tuple[str, str]] = {
    "clean": ("Clean", "简洁"),
    "boxed": ("Bold box", "醒目框"),
    "outline": ("Outline", "描边"),
    "lit": ("Lit words", "逐字点亮"),
    "neon": ("Neon", "霓虹"),
    "headline": ("Headline", "标题"),
    "note": ("Note", "便签"),
    "whisper": ("Whisper", "轻语"),
}
ZH_FONTS = {
    "sans": "简洁",
    "wide": "宽体",
    "condensed": "窄体",
    "serif": "衬线",
    "rounded": "圆体",
    "hand": "手写",
    "script": "花体",
    "mono": "打字机",
}
_AS_STEPS = ("on", "grip", "remove", "reset", "advanced", "off")  # said of a card of either list

LAYER_WORDS: dict[str, tuple[str, str]] = {
    "layer_empty": (
        "Nothing over the picture yet. Add words, a picture or a sound wave.",
        "画面上还没有内容。请添加文字、图片或声波。",
    ),
    "layer_add": ("Add", "添加"),
    "layer_full": ("%n% are the most", "最多 %n% 个"),
    "layer_up": ("Back", "后移一层"),
    "layer_down": ("Front", "前移一层"),
    **{f"layer_{name}": ENHANCE_WORDS[f"step_{name}"] for name in _AS_STEPS},
    "to_the_end": ("to the end", "到结尾"),
    # lines
    "cue_none": ("No words yet", "还没有文字"),
    "cue_count": ("%n% lines", "%n% 行"),
    "cue_text": ("Your words", "输入文字"),
    "cue_words": ("Words of line %n%", "第 %n% 行文字"),
    "cue_start": ("Line %n% comes, seconds", "第 %n% 行开始，秒"),
    "cue_end": ("Line %n% goes, seconds", "第 %n% 行结束，秒"),
    "cue_go": ("Show %time%", "查看 %time%"),
    "cue_remove": ("Remove line %n%", "移除第 %n% 行"),
    "cue_add": ("Add a line", "添加一行"),
    "cue_import": ("Import", "导入"),
    "cue_import_help": (
        "Import subtitles: an .srt or .vtt file replaces these lines",
        "导入字幕：用 .srt 或 .vtt 文件替换这些行",
    ),
    "cue_save": ("Save", "保存"),
    "cue_save_as": ("Save subtitles as %kind%", "保存字幕为 %kind%"),
    # looks
    "looks_of_words": ("Look", "样式"),
    "font_own": ("Your own …", "自有字体 …"),
    "colour_code": ("%what%, as a code", "%what%，色码"),
    **{f"words_{name}": titles for name, titles in WORD_LOOK_TITLES.items()},
    # where
    "place": ("Place", "位置"),
    "place_top_left": ("Top left", "左上"),
    "place_top": ("Top", "上方"),
    "place_top_right": ("Top right", "右上"),
    "place_left": ("Left", "左侧"),
    "place_middle": ("Middle", "中间"),
    "place_right": ("Right", "右侧"),
    "place_bottom_left": ("Bottom left", "左下"),
    "place_bottom": ("Bottom", "下方"),
    "place_bottom_right": ("Bottom right", "右下"),
    # pictures
    "picture_none": ("No picture yet", "还没有图片"),
    "picture_drop": ("Drop a picture, or choose one", "拖入或选择图片"),
    "picture_kinds": ("PNG, JPEG, WebP. What is transparent stays so.", "PNG、JPEG、WebP，透明处保持透明。"),
    # choices
    "choice_none": ("None", "无"),
    "choice_fade": ("Fade", "淡入淡出"),
    "choice_slide": ("Slide", "滑动"),
    "choice_pop": ("Pop", "弹出"),
    "choice_words": ("Word by word", "逐词"),
    "choice_left": ("Left", "左"),
    "choice_center": ("Middle", "中"),
    "choice_right": ("Right", "右"),
    "choice_top-left": ("Top left", "左上"),
    "choice_top-right": ("Top right", "右上"),
    "choice_bottom-left": ("Bottom left", "左下"),
    "choice_bottom-right": ("Bottom right", "右下"),
    "choice_bars": ("Bars", "柱形"),
    "choice_line": ("Line", "线条"),
    "choice_circle": ("Circle", "圆环"),
}

# Labels: of a field in every overlay, or as `kind.field` in one alone.
LABELS: dict[str, tuple[str, str]] = {
    "strength": ("Opacity", "不透明度"),
    "start": ("From, seconds", "开始，秒"),
    "end": ("To, seconds", "结束，秒"),
    "cues": ("Lines", "文字行"),
    "font": ("Font", "字体"),
    "size": ("Size", "大小"),
    "colour": ("Colour", "颜色"),
    "outline": ("Outline", "描边"),
    "outline_colour": ("Colour of the outline", "描边颜色"),
    "box": ("Box", "底框"),
    "box_colour": ("Colour of the box", "底框颜色"),
    "shadow": ("Shadow", "阴影"),
    "align": ("Lines stand", "对齐"),
    "x": ("Left to right", "左右位置"),
    "y": ("Top to bottom", "上下位置"),
    "width": ("Widest line", "行宽"),
    "picture.width": ("Size", "大小"),
    "wave.width": ("Width", "宽度"),
    "height": ("Height", "高度"),
    "enter": ("Comes with", "入场"),
    "leave": ("Goes with", "退场"),
    "lit": ("Lit word", "点亮的词"),
    "first": ("First number", "起始数字"),
    "last": ("Last number", "最后数字"),
    "finish": ("Then", "之后显示"),
    "text": ("What it says", "内容"),
    "corner": ("Corner", "角落"),
    "path": ("Picture", "图片"),
    "rounded": ("Round corners", "圆角"),
    "cut_out": ("Take a plain background away", "去除纯色背景"),
    "shape": ("Drawn as", "形状"),
    "bars": ("How many", "数量"),
    "wave.colour": ("Quiet", "轻声颜色"),
    "second": ("Loud", "响声颜色"),
}
ZH_HELP: dict[str, str] = {
    "strength": "从看不见到完全显示。",
    "start": "出现的时刻，短片的秒数。",
    "end": "消失的时刻，秒；空：到短片结尾。",
    "cues": "说什么，何时说。",
    "font": "列表中的字体，或您自己的字体文件。",
    "size": "字的最大高度。",
    "countdown.size": "数字的最大高度。",
    "colour": "字的颜色。",
    "outline": "描边宽度，占字号的比例。",
    "outline_colour": "描边的颜色。",
    "box": "文字后的底框，从无到实色。",
    "box_colour": "底框的颜色。",
    "shadow": "柔和的阴影，从无到深。",
    "align": "各行之间如何对齐。",
    "x": "从安全区的左边到右边。",
    "y": "从安全区的上边到下边。",
    "width": "各行可占安全区宽度的比例。",
    "picture.width": "宽度，占安全区宽度的比例。",
    "wave.width": "宽度，占安全区宽度的比例。",
    "height": "高度，占画面短边的比例。",
    "enter": "如何出现：一起，或逐词并点亮当前的词。",
    "countdown.enter": "数字如何出现。",
    "picture.enter": "如何出现。",
    "leave": "如何消失。",
    "lit": "逐词出现时当前词的颜色。",
    "first": "第一个数字。",
    "last": "最后一个数字。",
    "finish": "最后一个数字之后显示的内容；空：无。",
    "text": "标记的内容。",
    "corner": "在安全区内的位置。",
    "path": "PNG、JPEG 或 WebP 图片，透明处保持透明。",
    "rounded": "从直角到圆角。",
    "cut_out": "是否去除纯色背景。",
    "shape": "如何绘制。",
    "bars": "柱的数量，或线上的点数。",
    "wave.colour": "轻声一端的颜色。",
    "second": "响声一端的颜色。",
}


def font_title(name: str, tongue: int) -> str:
    """A font of FONTS as a creator calls it. tongue: 0 English, 1 Chinese."""
    plain = FONTS[name].title.partition(" (")[0]
    return ZH_FONTS.get(name, plain) if tongue else plain


def layer_words() -> dict[str, tuple[str, str]]:
    """Titles, labels and help of overlays: `layer_<kind>`, `field_<kind>_<name>`, each also with `_help`; fonts."""
    words: dict[str, tuple[str, str]] = {f"font_{name}": (font_title(name, 0), font_title(name, 1)) for name in FONTS}
    for kind, model in OVERLAY_KINDS.items():
        words |= {f"layer_{kind}": TITLES[kind], f"layer_{kind}_help": ABOUT[kind]}
        for name, field in model.model_fields.items():
            if name == "kind":
                continue
            both = (f"{kind}.{name}", name)
            help_text = (field.description or "").replace("'", "\u2019")  # a straight one the formatter would read
            words[f"field_{kind}_{name}"] = next(LABELS[key] for key in both if key in LABELS)
            words[f"field_{kind}_{name}_help"] = (help_text, next(ZH_HELP[key] for key in both if key in ZH_HELP))
    return words


def layer_keys() -> tuple[str, ...]:
    """The words that the list speaks."""
    shared = ("uploading", "upload_failed", "fault_file", "as_it_comes", "at_factor", "sec")
    return (*LAYER_WORDS, *layer_words(), *shared)
