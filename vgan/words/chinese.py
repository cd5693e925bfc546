"""Chinese sentences in the English words that the network knows: a small dictionary, the longest match first."""

_TABLE: dict[str, str] = {
    # looks
    "北极光": "northern lights",
    "极光": "aurora",
    "丝绸": "silk",
    "绸缎": "satin",
    "布料": "fabric",
    "窗帘": "curtain",
    "水墨": "ink in water",
    "墨水": "ink",
    "墨": "ink",
    "烟雾": "smoke",
    "烟": "smoke",
    "流体": "liquid",
    "液体": "liquid",
    "渐变": "gradient",
    "熔岩灯": "wax in a lamp",
    "水光": "caustics",
    "焦散": "caustics",
    "泳池": "light on the floor of a pool",
    "水底": "light under water",
    "光斑": "bokeh",
    "散景": "bokeh",
    "虚化": "out of focus lights",
    "大理石": "marble",
    "石头": "stone",
    "玉石": "marble stone",
    "余烬": "embers",
    "火花": "sparks",
    "火焰": "fire",
    "篝火": "log fire",
    "火": "fire",
    "云海": "a sea of fog",
    "云朵": "clouds",
    "云": "clouds",
    "雾": "fog",
    "天空": "sky",
    "波浪": "waves",
    "海浪": "ocean waves",
    "大海": "the sea",
    "海洋": "the ocean",
    "海": "the sea",
    "湖": "a lake",
    "浪": "waves",
    "彩纸": "confetti",
    "五彩纸屑": "confetti",
    "派对": "party confetti",
    "霓虹网格": "neon grid",
    "霓虹": "neon",
    "赛博": "cyber grid",
    "网格": "grid",
    # colours
    "青绿色": "turquoise",
    "蓝绿色": "turquoise",
    "绿松石": "turquoise",
    "天蓝": "sky blue",
    "深蓝": "dark blue",
    "浅蓝": "light blue",
    "粉红": "pink",
    "粉色": "pink",
    "紫红": "magenta",
    "红": "red",
    "橙": "orange",
    "橘": "orange",
    "黄": "yellow",
    "金色": "gold",
    "金": "gold",
    "绿": "green",
    "青": "cyan",
    "蓝": "blue",
    "紫": "purple",
    "棕": "brown",
    "褐": "brown",
    "黑白": "black and white",
    "黑色": "black",
    "白色": "white",
    "灰": "grey",
    "暖色": "warm",
    "温暖": "warm",
    "冷色": "cold",
    # pace
    "几乎不动": "barely moving",
    "静止": "still",
    "缓慢": "slow",
    "慢慢": "slowly moving",
    "慢": "slow",
    "平静": "calm",
    "宁静": "peaceful",
    "安静": "quiet",
    "柔和": "soft",
    "轻柔": "gentle",
    "快速": "fast",
    "飞快": "very fast",
    "快": "fast",
    "活跃": "lively",
    "热烈": "energetic",
    "疯狂": "frantic",
    # light
    "漆黑": "pitch dark",
    "黑暗": "dark",
    "昏暗": "dim",
    "暗": "dark",
    "夜晚": "at night",
    "夜": "at night",
    "明亮": "bright",
    "亮": "bright",
    "阳光": "sunny",
    "耀眼": "dazzling",
    # colour's strength, contrast
    "鲜艳": "vivid",
    "艳丽": "very colourful",
    "淡": "pale",
    "浅": "light",
    "朦胧": "hazy",
    "对比强烈": "high-contrast",
    "高对比": "high contrast",
    "低对比": "low contrast",
    "锐利": "sharp",
    # size, detail
    "巨大": "huge",
    "大": "large",
    "细小": "tiny",
    "小": "small",
    "简单": "simple",
    "简约": "minimal",
    "简洁": "minimal",
    "稀疏": "sparse",
    "复杂": "complex",
    "繁复": "busy",
    "密集": "dense",
    "细节": "lots of detail",
    # moods
    "忧郁": "melancholic",
    "悲伤": "sad",
    "欢快": "cheerful",
    "快乐": "happy",
    "浪漫": "romantic",
    "神秘": "mysterious",
    "梦幻": "dreamy",
    "史诗": "epic",
    "优雅": "elegant",
    # how much
    "不要太": "not too",
    "不太": "not very",
    "不要": "not",
    "没有": "without",
    "不": "not",
    "非常": "very",
    "很": "very",
    "十分": "very",
    "有点": "slightly",
    "稍微": "slightly",
}
_LONGEST = max(map(len, _TABLE))
# Words without a meaning of their own here.
_AROUND = "的了在上下里中和与着是我你要请给来一个片段视频画面背景做想种有像样子种条片幅张，。！？、；：“”色得地之间"


def in_english(text: str) -> tuple[str, bool, tuple[str, ...]]:
    """`text` with its Chinese parts in English; whether there were any; and the Chinese that no row has."""
    if not any(_chinese(letter) for letter in text):
        return text, False, ()
    out, unknown, place = [], [], 0
    while place < len(text):
        if not _chinese(text[place]):
            out.append({"，": ", ", "。": ". ", "、": ", ", "！": " ", "？": " "}.get(text[place], text[place]))
            place += 1
            continue
        length = next((n for n in range(_LONGEST, 0, -1) if text[place : place + n] in _TABLE), 0)
        if length:
            found = _TABLE[text[place : place + length]]
            out.append(f" {found} " if found.startswith(("not", "very", "slightly", "without")) else f" {found}, ")
        elif text[place] not in _AROUND:
            unknown.append(text[place])
        place += length or 1
    return "".join(out), True, tuple(unknown)


def _chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"
