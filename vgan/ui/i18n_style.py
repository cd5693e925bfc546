"""The words of the Style tab, in English and Chinese. See `vgan.ui.i18n`."""

from vgan.ui.i18n_unfinished import GONE_WORDS

STYLE_WORDS: dict[str, tuple[str, str]] = {
    "tab_style": ("Style", "画风"),
    # source
    "source_pick": ("Choose a file", "选择文件"),
    "source_camera": ("Camera", "摄像头"),
    "source_create": ("From Create", "来自创作"),
    "source_example": ("Example", "示例"),
    "source_hint": (
        "Drop a clip or a picture here. It stays on this machine and is removed after a day.",
        "将短片或图片拖到此处。文件只保存在本机，一天后删除。",
    ),
    "uploading": ("Uploading %mb% MB", "正在上传 %mb% MB"),
    "upload_failed": (
        "It did not arrive (%why%). Files up to 200 MB are taken. Try again, or a smaller one.",
        "上传失败（%why%）。最大 200 MB。请重试或换一个较小的文件。",
    ),
    "fault_file": ("This file cannot be used", "无法使用此文件"),
    "camera_failed": (
        "The camera cannot be used (%why%). Allow it in the browser, or choose a file.",
        "无法使用摄像头（%why%）。请在浏览器中允许，或选择文件。",
    ),
    "snap": ("Take a picture", "拍照"),
    "record": ("Record up to 10 s", "录制（最长 10 秒）"),
    "record_stop": ("Stop", "停止"),
    "cam_close": ("Close", "关闭"),
    "moment": ("Moment that is looked at", "查看的时刻"),
    "trim_start": ("First moment used", "起始时刻"),
    "trim_end": ("Last moment used", "结束时刻"),
    # fields
    "styles": ("Style", "画风"),
    "strength": ("Strength", "强度"),
    "keep_colours": ("Original colours", "保留原色"),
    "steadiness": ("Steadiness", "稳定度"),
    "canvas": ("Brush", "笔触"),
    "brush_broad": ("Broad", "粗"),
    "brush_medium": ("Medium", "中"),
    "brush_fine": ("Fine", "细"),
    "brush_finest": ("Finest", "极细"),
    "mix": ("Blend with a second style", "与另一画风混合"),
    "second": ("Second style", "第二种画风"),
    "second_none": ("None", "无"),
    "blend": ("Blend", "混合"),
    "as_source": ("As source", "同原片"),
    # a style of one's own
    "own_style": ("Your own style", "自己的画风"),
    "own_hint": (
        "A picture becomes a style in about a minute: a painting, a photograph of fabric, a page of your sketchbook.",
        "大约一分钟即可把一幅图变成画风：一幅画、一块布料的照片、一页速写。",
    ),
    "own_drop": ("Drop a picture or a style file", "拖入图片或画风文件"),
    "own_kinds": (
        ".safetensors saved here; CycleGAN, AnimeGANv2 or fast-neural-style .pt, .pth",
        "在此保存的 .safetensors，或 CycleGAN、AnimeGANv2、fast-neural-style 的 .pt、.pth",
    ),
    "own_ready": ("Takes about %time%", "大约需要 %time%"),
    "fit": ("Learn this style", "学习此画风"),
    "fitting": ("Learning", "正在学习"),
    "own_save": ("Save", "保存"),
    "hub_style": ("A style from the Hub", "来自 Hub 的画风"),
    "hub_style_help": (
        "owner/name, or owner/name:file for one file of several",
        "owner/name，或以 owner/name:file 指定文件",
    ),
    "fetching_style": ("Fetching", "正在下载"),
    "push_style": ("Push to the Hub", "推送到 Hub"),
    "push_to": ("Repository", "仓库"),
    "push_token": ("Your token, used once and not kept", "您的令牌，仅用一次，不保存"),
    "push": ("Push", "推送"),
    # stage
    "before": ("Before", "原片"),
    "after": ("After", "效果"),
    "divider": ("Line between before and after", "前后对比分界线"),
    "result": ("Finished clip", "成片"),
    "compare_back": ("Before and after", "前后对比"),
    "restyle": ("Restyle", "换画风"),
    "flicker": ("flicker %ratio%", "闪烁 %ratio%"),
    "flicker_help": (
        "How much neighbouring frames differ beyond what moves, over the original. 1 is as steady as it was.",
        "相邻帧在运动之外的差异与原片之比。1 表示与原片同样稳定。",
    ),
}

ZH_STYLES = {
    "great-wave": "神奈川冲浪里",
    "starry-night": "星夜",
    "udnie": "乌德尼",
    "water-lilies": "睡莲",
    "composition": "构图七号",
    "scream": "呐喊",
    "calanque": "海湾",
    "grid": "网格",
    "dusk": "威尼斯黄昏",
    "hat": "戴帽的女人",
    "shipwreck": "沉船",
    "bedroom": "阿尔勒的卧室",
    "rhone": "罗讷河星夜",
    "tahiti": "塔希提",
    "mist": "雾",
    "gold-leaf": "金箔",
}

ZH_STYLE_HELP = {
    "strength": "从原画面到完全的画风。",
    "keep_colours": "从画风的颜色到画面自己的颜色。",
    "steadiness": "从每帧重新绘制到尽可能稳定。",
    "blend": "从第一种画风到第二种。",
    "second": "要混合的另一种画风；空：无。",
    "canvas": "绘制时较短一边的像素：越小笔触越粗，也越快。",
}

STYLE_BUNDLES: dict[str, str] = {
    "styles": "styles tile_fetch",
    "source": "source_pick source_camera source_create source_style source_enhance source_example source_hint "
    "uploading upload_failed fault_file camera_failed snap record record_stop cam_close",
    "timeline": "moment trim_start trim_end sec",
    "compare": "before after divider result compare_back use_recipe enhance share guide as_file draft "
    "back_to_edit lacks lacks_help download close flicker flicker_help chain_of chain_one mended sec "
    f"{GONE_WORDS}",
    "own": "own_hint own_drop own_kinds own_ready fit fitting own_save uploading upload_failed fault_file cancel left "
    "before_you begins_in begins_soon sec min",
}
