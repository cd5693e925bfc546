"""Every word the person reads, in English and Chinese, through Gradio's own I18n."""

from collections.abc import Iterable

import gradio as gr
from gradio.i18n import I18nData

from vgan.recipe import Generate, Share
from vgan.recipe_steps import Stylize
from vgan.ui.i18n_enhance import ENHANCE_BUNDLES, ENHANCE_WORDS, chain_keys, reason_words, step_words
from vgan.ui.i18n_layers import LAYER_WORDS, layer_keys, layer_words
from vgan.ui.i18n_models import MODELS_BUNDLES, MODELS_WORDS
from vgan.ui.i18n_picture import PICTURE_BUNDLE, PICTURE_WORDS
from vgan.ui.i18n_privacy import PRIVACY_BUNDLE, PRIVACY_WORDS
from vgan.ui.i18n_report import REPORT_BUNDLE, REPORT_WORDS, report_words
from vgan.ui.i18n_share import SHARE_BUNDLES, SHARE_WORDS
from vgan.ui.i18n_style import STYLE_BUNDLES, STYLE_WORDS, ZH_STYLE_HELP, ZH_STYLES
from vgan.ui.i18n_train import TRAIN_BUNDLES, TRAIN_METER, TRAIN_WORDS
from vgan.ui.i18n_unfinished import GONE_WORDS, UNFINISHED_BUNDLE, UNFINISHED_WORDS
from vgan.ui.i18n_variation import VARIATION_WORDS
from vgan.ui.i18n_words import WORDS_BUNDLE, WORDS_WORDS
from vgan.zoo import LOOKS, STYLES

_ZH_LOOKS = {
    "aurora": "极光",
    "silk": "丝绸",
    "ink": "水墨",
    "liquid": "流体",
    "caustics": "水光",
    "bokeh": "光斑",
    "marble": "大理石",
    "embers": "余烬",
    "clouds": "云",
    "waves": "波浪",
    "confetti": "彩纸",
    "neon": "霓虹网格",
    "fastgan-aurora": "极光照片",
    "fastgan-universe": "宇宙",
    "fastgan-shells": "贝壳",
    "fastgan-fauvism-still-life": "野兽派静物",
}

_ZH_HELP = {
    "look": "图库中的一种风格、在此训练的 my:名称、Hub 仓库（owner/name），或公开的检查点（owner/name:file 或文件）。",
    "seed": "换一个数字，换一幅画面。",
    "hue": "主色调，绕色环一周。",
    "saturation": "从灰到鲜艳。",
    "brightness": "从暗到亮。",
    "contrast": "从平淡到强烈。",
    "scale": "从小图形到大图形。",
    "complexity": "从少而静到处处繁复。",
    "motion": "从几乎静止到活跃。",
    "truncation": "离典型画面有多远（truncation psi）。",
    "seconds": "一个循环的长度，秒。",
    "loops": "文件中循环播放的次数。",
    "aspect": "宽与高之比。",
    "short_side": "较短的一边，像素。",
    "fps": "每秒帧数。",
    "format": "MP4（H.264）、WebM（VP9）、GIF、WebP，或打包为 zip 的 PNG 帧。",
}

# key: (English, Chinese). Neither holds braces, quotes or angle brackets: Gradio's formatter reads those as its own.
WORDS: dict[str, tuple[str, str]] = {
    "tab_create": ("Create", "创作"),
    # groups
    "looks": ("Look", "风格"),
    "adjust": ("Adjust", "调整"),
    "variation": ("Variation", "变化"),
    "path": ("Path", "路径"),
    "advanced": ("Advanced", "高级"),
    "recipe": ("Recipe", "配方"),
    "clip": ("Clip", "短片"),
    # fields
    "seed": ("Seed", "种子"),
    "hue": ("Colour", "色彩"),
    "saturation": ("Vividness", "鲜艳度"),
    "brightness": ("Brightness", "亮度"),
    "contrast": ("Contrast", "对比度"),
    "scale": ("Size", "大小"),
    "complexity": ("Detail", "细节"),
    "motion": ("Energy", "活力"),
    "truncation": ("Variety", "多样性"),
    "seconds": ("Seconds", "秒数"),
    "loops": ("Loops", "循环"),
    "aspect": ("Aspect", "画幅"),
    "short_side": ("Resolution", "分辨率"),
    "finish": ("Edges", "边缘"),
    "finish_help": ("Crisp: through the upscaler, which takes longer.", "锐利：经过放大网络，耗时更长。"),
    "soft": ("Soft", "柔和"),
    "crisp": ("Crisp", "锐利"),
    "fps": ("FPS", "帧率"),
    "format": ("Format", "格式"),
    **{f"variation_{n}": (f"Variation {n}", f"变化 {n}") for n in range(1, 7)},
    # buttons
    "dice": ("New seed", "换种子"),
    "surprise": ("Surprise me", "给我惊喜"),
    "reset": ("Reset", "重置"),
    "render": ("Render", "渲染"),
    "cancel": ("Cancel", "取消"),
    "apply": ("Apply recipe", "应用配方"),
    "recipe_box": ("Recipe as JSON", "JSON 配方"),
    "recipe_drop": ("Drop a recipe (.json) or a clip made here", "拖入配方（.json）或在此制作的短片"),
    "own_look": ("A look by name", "按名称选择风格"),
    "own_look_help": (
        "my:name of one trained here, owner/name on the Hub, or owner/name:file.pt of a public StyleGAN2 or FastGAN",
        "my:名称（在此训练）、Hub 上的 owner/name，或公开 StyleGAN2、FastGAN 的 owner/name:file.pt",
    ),
    "own_look_load": ("Load", "载入"),
    "attributes_off": (
        "This look was not trained with named sliders. Shape it with Variation below.",
        "此风格没有具名滑块，请用下方的变化来塑造。",
    ),
    "variation_note": (
        "Six directions in which this look changes most. Zero leaves the picture as it is.",
        "此风格变化最大的六个方向。零表示保持原样。",
    ),
    # stage
    "live": ("Live preview", "实时预览"),
    "path_of": ("Path of %n% looks", "%n% 个画面的路径"),
    "play": ("Play", "播放"),
    "pause": ("Pause", "暂停"),
    "copy_link": ("Copy link", "复制链接"),
    "copied": ("Link copied", "链接已复制"),
    "copy_failed": ("Copy the address from the bar above", "请从地址栏复制"),
    "download": ("Download", "下载"),
    "use_recipe": ("Use its recipe", "使用其配方"),
    "back": ("Back to live preview", "返回实时预览"),
    "stage": ("Preview", "预览"),
    "sec": ("s", "秒"),
    "min": ("min", "分钟"),
    "fetch_title": ("%title% is fetched on first use", "%title% 在首次使用时下载"),
    "fetch_text": (
        "%size% MB from %repo% on the Hugging Face Hub. Licence: %licence%. It stays on this machine afterwards.",
        "%size% MB，来自 Hugging Face Hub 的 %repo%。许可：%licence%。之后保存在本机。",
    ),
    "close": ("Close", "关闭"),
    "fetch_go": ("Fetch and play", "下载并播放"),
    "fetch_not": ("Not now", "暂不"),
    "fetching": ("Fetching %title%", "正在下载 %title%"),
    "fetching_of": ("%done% of %size% MB", "%done% / %size% MB"),
    "tile_fetch": ("%size% MB, fetched on first use. Licence: %licence%", "%size% MB，首次使用时下载。许可：%licence%"),
    # bar
    "estimate": ("about %time% · %mb% MB", "约 %time% · %mb% MB"),
    "estimate_label": ("Estimate", "预计"),
    "rendering": ("Rendering", "正在渲染"),
    "starting": ("Starting", "正在开始"),
    "left": ("%time% left", "剩余 %time%"),
    "before_you": ("%n% before you", "前面还有 %n% 个"),
    "begins_in": ("starts in %time%", "约 %time%后开始"),
    "begins_soon": ("starts soon", "即将开始"),
    # clips of this visit
    "clips": ("Clips of this visit", "本次访问的短片"),
    "show_clip": ("Show clip %n%", "显示短片 %n%"),
    # key looks
    "path_empty": (
        "Add pictures you like: the clip travels through them and back to the first.",
        "添加您喜欢的画面：短片会依次经过它们，再回到第一个。",
    ),
    "path_add": ("Add this picture", "添加此画面"),
    "path_full": ("Six is the most", "最多六个"),
    "path_clear": ("Clear", "清空"),
    "path_play": ("Play the path", "播放路径"),
    "path_key": ("Key look %n%", "关键画面 %n%"),
    "path_earlier": ("Move earlier", "前移"),
    "path_later": ("Move later", "后移"),
    "path_remove": ("Remove", "移除"),
    # head
    "theme": ("Switch between dark and light", "切换深色与浅色"),
    **PRIVACY_WORDS,
    **STYLE_WORDS,
    **ENHANCE_WORDS,
    **LAYER_WORDS,
    **SHARE_WORDS,
    **REPORT_WORDS,
    **TRAIN_WORDS,
    **MODELS_WORDS,
    **WORDS_WORDS,
    **PICTURE_WORDS,
    **VARIATION_WORDS,
    **UNFINISHED_WORDS,
}

BUNDLES: dict[str, str] = {
    "stage": "live path_of play pause copy_link copied copy_failed download use_recipe back stage sec cancel "
    f"{GONE_WORDS} "
    "close restyle enhance share fetch_title fetch_text fetch_go fetch_not fetching fetching_of",
    "meter": "estimate estimate_label frames_of rendering fetching_style fetching_model starting left resume discard "
    f"before_you begins_in begins_soon waits sec min {TRAIN_METER}",
    "clips": "clips show_clip",
    "path": "path path_empty path_add path_full path_clear path_play path_key path_earlier path_later path_remove",
    "gallery": "looks tile_fetch",
    "head": f"theme {PRIVACY_BUNDLE}",
    "unfinished": UNFINISHED_BUNDLE,
    **STYLE_BUNDLES,
    **ENHANCE_BUNDLES,
    "layers": "",
    **SHARE_BUNDLES,
    "report": REPORT_BUNDLE,
    **TRAIN_BUNDLES,
    **MODELS_BUNDLES,
    "reading": WORDS_BUNDLE,
    "picture": PICTURE_BUNDLE,
}
_PREFIX = "vgan_"


def _all() -> dict[str, tuple[str, str]]:
    help_texts = {
        name: field.description or ""
        for model in (Generate, Stylize, Share)
        for name, field in model.model_fields.items()
    }
    words = dict(WORDS)
    words |= {f"{name}_help": (help_texts[name], chinese) for name, chinese in (_ZH_HELP | ZH_STYLE_HELP).items()}
    words |= step_words() | layer_words() | reason_words() | report_words()
    words |= {f"look_{look.name}": (look.title, _ZH_LOOKS.get(look.name, look.title)) for look in LOOKS.values()}
    words |= {f"style_{style.name}": (style.title, ZH_STYLES.get(style.name, style.title)) for style in STYLES.values()}
    named = {"gallery": _named("look", LOOKS), "styles": _named("style", STYLES)}
    named |= {"stage": named["gallery"], "compare": named["styles"], "chain": chain_keys()}
    named["layers"] = layer_keys()
    named |= {name: tuple(reason_words()) for name in ("damage", "findings")}
    named["report"] = tuple(report_words())
    named["models"] = named["gallery"] + named["styles"]
    named["mood"] = named["reading"] = named["gallery"]
    named["compare"] += tuple(reason_words())
    for bundle, names in BUNDLES.items():
        keys = (*names.split(), *named.get(bundle, ()))
        english, chinese = ("\n".join(f"{key}: {words[key][tongue]}" for key in keys) for tongue in (0, 1))
        words[f"bundle_{bundle}"] = (english, chinese)
    return words


def _named(kind: str, table: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{kind}_{name}" for name in table)


def translations() -> gr.I18n:
    """The whole table in Gradio's shape, for `launch(i18n=...)`."""
    words = {_PREFIX + key: pair for key, pair in _all().items()}
    english, chinese = ({key: pair[tongue] for key, pair in words.items()} for tongue in (0, 1))
    return gr.I18n(**{"en": english, "zh": chinese, "zh-CN": chinese})


def word(key: str) -> I18nData:
    """The text called `key`, in the language of whoever looks at the page. Raises KeyError for a key no row has."""
    if key not in _KNOWN:
        raise KeyError(f"{key!r} has no row in vgan/ui/i18n.py")
    return I18nData(_PREFIX + key)


def bundle(name: str) -> I18nData:
    """All words of one custom component as lines `key: text`: Gradio translates a label, so they travel in one."""
    return word(f"bundle_{name}")


_KNOWN = frozenset(_all())
