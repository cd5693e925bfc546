"""The words of the Enhance tab, in English and Chinese. See `vgan.ui.i18n`."""

from vgan.damage import REASONS
from vgan.recipe_steps import STEP_KINDS
from vgan.steps import STEPS
from vgan.zoo import STYLES

ENHANCE_WORDS: dict[str, tuple[str, str]] = {
    "tab_enhance": ("Enhance", "增强"),
    # presets
    "presets": ("What is it?", "素材类型"),
    "preset_crisp": ("Crisp", "更清晰"),
    "preset_old_phone": ("Old phone clip", "旧手机视频"),
    "preset_screen": ("Screen recording", "录屏"),
    "preset_anime": ("Anime", "动画"),
    "preset_product": ("Product shot", "商品照"),
    "preset_portrait": ("Make it portrait", "转为竖屏"),
    # the chain
    "steps": ("Steps", "步骤"),
    "step_empty": (
        "No steps yet. Choose what it is above, or add a step below.",
        "还没有步骤。请在上方选择素材类型，或在下方添加步骤。",
    ),
    "step_add": ("Add a step", "添加步骤"),
    "step_full": ("%n% steps are the most", "最多 %n% 个步骤"),
    "step_on": ("%step% on", "启用%step%"),
    "step_grip": ("Move %step%: drag, or arrow keys", "移动%step%：拖动或按方向键"),
    "step_up": ("Earlier", "上移"),
    "step_down": ("Later", "下移"),
    "step_remove": ("Remove", "移除"),
    "step_reset": ("Reset", "重置"),
    "step_advanced": ("Advanced", "高级"),
    "step_off": ("off", "关闭"),
    "as_it_comes": ("As it comes", "保持原样"),
    "none": ("None", "无"),
    "model_drop": ("Drop a model file, or choose one", "拖入或选择模型文件"),
    "model_kinds": (".safetensors, .pth that spandrel can read", "spandrel 可读取的 .safetensors、.pth"),
    "model_name": ("owner/name or owner/name:file", "owner/name 或 owner/name:file"),
    "model_clear": ("Use ours", "使用自带模型"),
    "choice_keep": ("Keep", "保留"),
    "choice_drop": ("Drop", "去除"),
    "at_factor": ("%n%×", "%n% 倍"),
    # the stage
    "chain_of": ("%n% steps", "%n% 个步骤"),
    "chain_one": ("1 step", "1 个步骤"),
    "enhance": ("Enhance", "增强"),
    # damage
    "damage": ("Damage", "损坏"),
    "damage_look": ("Look for damage", "查找损坏"),
    "damage_looking": ("Looking for damage", "正在查找损坏"),
    "damage_none": ("Nothing broken was found.", "未发现损坏。"),
    "damage_none_short": ("Nothing to mend", "无需修复"),
    "damage_unknown": (
        "Frames that are black, frozen, lost or broken are found and listed here, before they are mended.",
        "黑帧、定格、丢失或破损的帧会被找出并列在此处，然后再修复。",
    ),
    "damage_off": ("Add the step Repair to find and mend broken frames.", "添加修复步骤即可查找并修复损坏的帧。"),
    "damage_plot": ("Damage over time", "损坏随时间的分布"),
    "damage_found": ("%n% frames to mend", "%n% 帧待修复"),
    "damage_found_one": ("1 frame to mend", "1 帧待修复"),
    "damage_frames": ("%n% frames", "%n% 帧"),
    "damage_sure": ("%n% % sure", "把握 %n% %"),
    "damage_hand": ("Marked by hand", "手动标记"),
    "damage_mark": ("Mend the frame that is looked at", "修复当前查看的帧"),
    "damage_mend": ("Mend at %time%", "修复 %time% 处"),
    "damage_go": ("Show %time%", "查看 %time%"),
    "damage_each": ("Each frame", "逐帧"),
    "mended": ("Mended", "已修复"),
    # the meter
    "fetching_model": ("Fetching the model", "正在下载模型"),
    "resume": ("Resume", "继续"),
    "discard": ("Discard", "放弃"),
    "waits": ("Stopped on the way", "已在中途停止"),
    "frames_of": ("%n% frames", "%n% 帧"),
}

ZH_STEPS = {
    "stylize": ("画风", "以某种画风稳定地重绘每一帧。"),
    "repair": ("修复", "找出黑帧、定格、丢失和损坏的帧，并根据相邻帧重建。"),
    "denoise": ("降噪", "去除噪点和强压缩造成的色块。"),
    "upscale": ("放大", "放大每一帧，边缘如同更大的画面应有的样子。"),
    "interpolate": ("补帧", "在帧间插入新帧：更流畅的运动、其他帧率或慢动作。"),
    "grade": ("调色", "光线与色彩。"),
    "sharpen": ("锐化", "边缘更清晰，没有光晕。"),
    "dedupe": ("去重复帧", "去掉与前一帧相同的帧：短片变短，且没有声音。"),
    "trim": ("截取", "短片的一部分。"),
    "crop": ("裁剪", "画面的一个窗口。"),
    "reframe": ("智能构图", "另一种画幅的窗口，像稳定的摄像机一样跟随运动和醒目之处。"),
    "scale": ("缩放", "另一种尺寸，不使用网络。"),
}
TITLES = {
    "stylize": "Style",
    "interpolate": "Smooth motion",
    "grade": "Light and colour",
    "dedupe": "Drop repeats",
    "reframe": "Follow what moves",
}

# Labels: of a field in every step, or as `kind.field` in one alone.
LABELS: dict[str, tuple[str, str]] = {
    "strength": ("Strength", "强度"),
    "style": ("Style", "画风"),
    "second": ("Second style", "第二种画风"),
    "blend": ("Blend", "混合"),
    "keep_colours": ("Original colours", "保留原色"),
    "steadiness": ("Steadiness", "稳定度"),
    "canvas": ("Painted at", "绘制尺寸"),
    "sensitivity": ("Sensitivity", "灵敏度"),
    "model": ("Community model", "社区模型"),
    "detail": ("Crispness", "清脆度"),
    "clean": ("Clean as well", "同时降噪"),
    "upscale.strength": ("Crispness", "清脆度"),
    "upscale.factor": ("Times larger", "放大倍数"),
    "interpolate.factor": ("Times as many frames", "帧数倍数"),
    "fps": ("To this rate", "目标帧率"),
    "slow": ("Slow motion", "慢动作"),
    "sound": ("Sound", "声音"),
    "brightness": ("Brightness", "亮度"),
    "contrast": ("Contrast", "对比度"),
    "saturation": ("Vividness", "鲜艳度"),
    "temperature": ("Warmth", "色温"),
    "tint": ("Tint", "色调"),
    "gamma": ("Shadows", "暗部"),
    "auto": ("Automatic levels", "自动色阶"),
    "radius": ("Edge width", "边缘宽度"),
    "dedupe.strength": ("How alike", "相似程度"),
    "start": ("From", "起点"),
    "end": ("To", "终点"),
    "left": ("Left", "左"),
    "right": ("Right", "右"),
    "top": ("Top", "上"),
    "bottom": ("Bottom", "下"),
    "aspect": ("Shape", "画幅"),
    "x": ("Left to right", "左右位置"),
    "y": ("Top to bottom", "上下位置"),
    "short_side": ("Shorter side", "短边"),
}

ZH_FIELD_HELP: dict[str, str] = {
    "strength": "从原画面到完全的效果。",
    "style": "图库中的画风、画风文件，或 Hub 仓库（owner/name）。",
    "second": "要混合的另一种画风；空：无。",
    "blend": "从第一种画风到第二种。",
    "keep_colours": "从画风的颜色到画面自己的颜色。",
    "steadiness": "从每帧重新绘制到尽可能稳定。",
    "canvas": "绘制时较短一边的像素：越小笔触越粗，也越快。",
    "sensitivity": "从只修确定损坏的到所有看起来异常的。",
    "denoise.model": "保持尺寸的社区模型：文件，或 Hub 上的 owner/name:file。空：自带模型。",
    "upscale.model": "社区模型：列表中的、文件，或 Hub 上的 owner/name:file。空：自带模型。",
    "denoise.strength": "从原画面到尽可能干净。",
    "detail": "从忠实到清脆：在丢失处生成细节。",
    "clean": "在同一遍中去除噪点和色块：比先做降噪更快。",
    "upscale.strength": "从忠实到清脆：在没有细节处生成细节。",
    "upscale.factor": "放大多少倍。",
    "interpolate.factor": "帧数变为多少倍。",
    "interpolate.strength": "从重复显示的帧到全新的中间帧。",
    "fps": "改为每秒这么多帧，代替倍数。",
    "slow": "慢动作：短片按倍数变长。",
    "sound": "慢动作时：按原音高拉长，或去除。",
    "brightness": "从暗到亮。",
    "contrast": "从平淡到强烈。",
    "saturation": "从灰到鲜艳。",
    "temperature": "从冷到暖。",
    "tint": "从绿到品红。",
    "gamma": "大于 1 时暗部变亮。",
    "auto": "自动色阶：黑变黑，白变白，随时间保持稳定。",
    "sharpen.strength": "从原画面到非常锐利。",
    "radius": "边缘的宽度，像素。",
    "dedupe.strength": "帧间差异多大仍算相同；0：不去除。",
    "start": "保留的起始时刻，秒。",
    "end": "保留的结束时刻，秒；空：到结尾。",
    "left": "左侧裁去的宽度比例。",
    "right": "右侧裁去的宽度比例。",
    "top": "上方裁去的高度比例。",
    "bottom": "下方裁去的高度比例。",
    "aspect": "其中此画幅的最大窗口；空：保持原样。",
    "reframe.aspect": "窗口的画幅。",
    "reframe.strength": "从整个画面到完整的窗口。",
    "reframe.steadiness": "从紧紧跟随到几乎不动。",
    "x": "窗口的位置：从左到右。",
    "y": "窗口的位置：从上到下。",
    "short_side": "较短的一边，像素。",
}

# What broke a frame: its name, and the sentence of `vgan.damage` in Chinese.
ZH_REASONS: dict[str, tuple[str, str, str]] = {
    "black": ("Black", "黑帧", "夹在相连画面之间的一帧纯色。"),
    "frozen": ("Frozen", "定格", "前一画面停住若干帧，随后运动跳跃。"),
    "dropped": ("Lost", "丢帧", "少了一帧：前一帧重复显示，随后运动跳跃。"),
    "blocks": ("Blocks", "色块", "画面中的方块与前后两帧都不吻合。"),
    "noise": ("Bars of noise", "噪声条", "横贯画面的条带与前后两帧都不吻合。"),
    "scratch": ("Scratches", "划痕", "细长的竖线只出现在这一帧。"),
    "asked": ("By hand", "手动", "由您指定。"),
}

ENHANCE_BUNDLES: dict[str, str] = {
    "presets": "presets preset_crisp preset_old_phone preset_screen preset_anime preset_product preset_portrait",
    "chain": "step_empty step_add step_full step_on step_grip step_up step_down step_remove step_reset step_advanced "
    "step_off as_it_comes none model_drop model_kinds model_name model_clear choice_keep choice_drop at_factor "
    "uploading upload_failed fault_file sec",
    "damage": "damage_plot damage_looking damage_found damage_found_one damage_none_short "
    "before_you begins_in begins_soon sec min",
    "findings": "damage_look damage_looking damage_none damage_unknown damage_off "
    "damage_frames damage_sure damage_hand damage_mark damage_mend damage_go damage_each cancel left "
    "before_you begins_in begins_soon sec min",
}


def step_words() -> dict[str, tuple[str, str]]:
    """Titles, labels and help of every step there is: `step_<kind>`, `field_<kind>_<name>`, each also with `_help`."""
    words: dict[str, tuple[str, str]] = {}
    for kind, model in STEP_KINDS.items():
        if kind not in STEPS:
            continue
        title, about = TITLES.get(kind, kind.capitalize()), (model.__doc__ or "").strip()
        zh_title, zh_about = ZH_STEPS.get(kind, (title, about))
        words |= {f"step_{kind}": (title, zh_title), f"step_{kind}_help": (about, zh_about)}
        for name, field in model.model_fields.items():
            if name == "kind":
                continue
            plain = name.replace("_", " ").capitalize()
            help_text = (field.description or plain).replace("'", "\u2019")  # a straight one the formatter would read
            both = (f"{kind}.{name}", name)
            words[f"field_{kind}_{name}"] = next((LABELS[key] for key in both if key in LABELS), (plain, plain))
            chinese = next((ZH_FIELD_HELP[key] for key in both if key in ZH_FIELD_HELP), help_text)
            words[f"field_{kind}_{name}_help"] = (help_text, chinese)
    return words


def reason_words() -> dict[str, tuple[str, str]]:
    """What broke frames, as `reason_<name>`, and the sentence about it, `reason_<name>_help`."""
    words: dict[str, tuple[str, str]] = {}
    for name, says in REASONS.items():
        english, chinese, zh_says = ZH_REASONS.get(name, (name.capitalize(), name, says))
        words |= {f"reason_{name}": (english, chinese), f"reason_{name}_help": (says.replace("'", "\u2019"), zh_says)}
    return words


def chain_keys() -> tuple[str, ...]:
    """The words that the chain speaks beyond its bundle."""
    return (*step_words(), *(f"style_{name}" for name in STYLES))
