"""The words of the Models tab, in English and Chinese. See `vgan.ui.i18n`."""

# What a creator calls each model of the zoo, and what it does.
_SAID: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "looks": (
        ("Looks", "风格"),
        (
            "Draws every look of the gallery as a seamless loop, in any shape.",
            "以任意画幅绘制图库中的全部风格，循环无缝。",
        ),
    ),
    "looks-small": (
        ("Looks, quick", "风格（快速）"),
        ("The same looks from a smaller network, for slow machines.", "同样的风格，网络更小，适合较慢的机器。"),
    ),
    "styles": (
        ("Styles", "画风"),
        ("Repaints clips and pictures in the manner of paintings, steadily.", "以名画的笔法稳定地重绘短片与图片。"),
    ),
    "interpolate": (
        ("Smooth motion", "流畅运动"),
        ("Draws the frames in between: slow motion, higher frame rates.", "补出中间帧：慢动作与更高帧率。"),
    ),
    "repair": (
        ("Repair", "修复"),
        ("Fills blocks, scratches and lost frames from their neighbours.", "依据相邻画面补全色块、划痕与丢失的帧。"),
    ),
    "fastgan-aurora": (
        ("Aurora photographs", "极光照片"),
        ("Northern lights as photographs show them.", "照片般的北极光。"),
    ),
    "fastgan-universe": (("Universe", "宇宙"), ("Nebulae and galaxies.", "星云与星系。")),
    "fastgan-shells": (("Shells", "贝壳"), ("Sea shells on a plain ground.", "素底上的贝壳。")),
    "fastgan-fauvism-still-life": (
        ("Fauvist still life", "野兽派静物"),
        ("Still lifes in bold colours.", "色彩大胆的静物画。"),
    ),
    "upscale-x2": (
        ("Enlarge x2, faithful", "放大 2 倍（忠实）"),
        ("Twice the size, nothing made up.", "放大两倍，不添造细节。"),
    ),
    "upscale-x2-gan": (
        ("Enlarge x2, crisp", "放大 2 倍（锐利）"),
        ("Twice the size, with detail that looks right.", "放大两倍，细节自然锐利。"),
    ),
    "upscale-x2-clean": (
        ("Enlarge x2, clean", "放大 2 倍（净化）"),
        ("Twice the size, noise and compression taken away.", "放大两倍，去除噪点与压缩痕迹。"),
    ),
    "upscale-x4": (
        ("Enlarge x4, faithful", "放大 4 倍（忠实）"),
        ("Four times the size, nothing made up.", "放大四倍，不添造细节。"),
    ),
    "upscale-x4-gan": (
        ("Enlarge x4, crisp", "放大 4 倍（锐利）"),
        ("Four times the size, with detail that looks right.", "放大四倍，细节自然锐利。"),
    ),
    "upscale-x4-clean": (
        ("Enlarge x4, clean", "放大 4 倍（净化）"),
        ("Four times the size, noise and compression taken away.", "放大四倍，去除噪点与压缩痕迹。"),
    ),
    "denoise": (
        ("Denoise, faithful", "降噪（忠实）"),
        ("Takes noise away, keeps the rest.", "去除噪点，其余保持不变。"),
    ),
    "denoise-gan": (
        ("Denoise, crisp", "降噪（锐利）"),
        ("Takes noise away and keeps edges sharp.", "去除噪点并保持边缘锐利。"),
    ),
    "realesr-general-x4v3": (
        ("Real-ESRGAN x4", "Real-ESRGAN 4 倍"),
        ("Four times the size, by the community, for rough footage.", "社区模型，放大四倍，适合粗糙素材。"),
    ),
    "words": (("Words", "文字"), ("Turns a sentence into a look and its sliders.", "把一句话变成风格与滑块。")),
    "all-minilm-l6-v2": (
        ("Sentence reader", "句子阅读"),
        ("Reads sentences for Words.", "为文字模型阅读句子。"),
    ),
}

_FAMILIES: dict[str, tuple[str, str]] = {
    "loop": ("Loop generator", "循环生成器"),
    "fastgan": ("FastGAN", "FastGAN"),
    "look": ("Look of your own", "自训风格"),
    "look-file": ("Public checkpoint", "公开检查点"),
    "style": ("Style network", "画风网络"),
    "compact": ("Compact enhancer", "轻量增强网络"),
    "community": ("Community enhancer", "社区增强模型"),
    "interpolate": ("Frames in between", "插帧网络"),
    "repair": ("Repair GAN", "修复 GAN"),
    "words": ("Text network", "文本网络"),
    "sentence": ("Sentence encoder", "句子编码器"),
}

MODELS_WORDS: dict[str, tuple[str, str]] = {
    "tab_models": ("Models", "模型"),
    # the list
    "models_show": ("Which models are shown", "显示哪些模型"),
    "kind_all": ("All", "全部"),
    "kind_mine": ("My looks", "我的风格"),
    "kind_look": ("Looks", "风格"),
    "kind_style": ("Styles", "画风"),
    "kind_enhance": ("Enhance", "增强"),
    "kind_motion": ("Motion and repair", "运动与修复"),
    "kind_words": ("Words", "文字"),
    "about_look": (
        "Learned from your own clips. Plays in Create like any look.",
        "学自您的短片，可像其他风格一样使用。",
    ),
    "about_look-file": (
        "A well-known generator of others, fetched from the Hub when it is first played.",
        "他人的知名生成器，首次使用时从 Hub 下载。",
    ),
    "state_ready": ("Ready", "就绪"),
    "state_loaded": ("In memory", "已载入内存"),
    "state_fetch": ("Not downloaded", "未下载"),
    "state_missing": ("Missing", "缺失"),
    "sell_yes": ("Clips may be sold", "成片可出售"),
    "sell_no": ("Clips may not be sold", "成片不可出售"),
    "sell_own": ("Yours to decide", "由您决定"),
    "sell_ask": ("Ask its owner", "请询问作者"),
    # one of them
    "model_back": ("All models", "全部模型"),
    "model_use_style": ("Use in Style", "在画风中使用"),
    "model_use_enhance": ("Use in Enhance", "在增强中使用"),
    "model_use_create": ("Use in Create", "在创作中使用"),
    "model_fetch": ("Download, %size%", "下载，%size%"),
    "model_fetching": ("Downloading %done% of %total%", "正在下载 %done% / %total%"),
    "fact_family": ("Family", "类别"),
    "fact_parameters": ("Parameters", "参数量"),
    "fact_size": ("Size", "大小"),
    "fact_licence": ("Licence", "许可"),
    "fact_sell": ("Selling", "出售"),
    "fact_from": ("From", "来源"),
    "fact_state": ("State", "状态"),
    "fact_side": ("Picture", "画面"),
    "fact_sliders": ("Sliders", "滑块"),
    "from_shipped": ("Ships with the app", "随应用附带"),
    "from_package": ("An installed package", "已安装的软件包"),
    "from_mine": ("Trained here", "在此训练"),
    "from_file": ("A file of yours", "您的文件"),
    "later": ("Told once it is loaded", "载入后可知"),
    "about_size": ("about %size%", "约 %size%"),
    "figures": ("Measured, as its card says", "测量结果（据模型卡）"),
    "draws": ("What it draws", "可绘内容"),
    "samples": ("Samples", "样例"),
    "card": ("Its card", "模型卡"),
    "card_none": ("It has no card on this machine.", "本机没有它的模型卡。"),
    "card_hub": ("See its page on the Hub", "查看其 Hub 页面"),
    # bring
    "bring": ("Bring a generator", "引入生成器"),
    "bring_name": ("Its name on the Hub", "Hub 上的名称"),
    "bring_help": (
        "owner/name in our format, or owner/name:file.pt for a StyleGAN2, FastGAN or MoCoGAN checkpoint",
        "本格式的 owner/name，或 StyleGAN2、FastGAN、MoCoGAN 检查点 owner/name:file.pt",
    ),
    "bring_check": ("Check", "检查"),
    "bring_checking": ("Asking", "正在查询"),
    "bring_known": ("Known ones", "知名生成器"),
    "bring_found": ("%named% named, %found% found in it", "%named% 个命名，%found% 个由网络得出"),
    "bring_only_found": ("%found% found in it", "%found% 个由网络得出"),
    "bring_layers": ("%n% layers", "%n% 层"),
    "bring_here": ("Here already", "已在本机"),
    # memory
    "memory": ("In memory", "内存中"),
    "memory_none": (
        "Nothing is loaded. Networks come in when they are first used.",
        "尚未载入。网络在首次使用时载入。",
    ),
    "memory_of": ("%used% of at most %most%", "%used%，上限 %most%"),
    "memory_free": ("Free memory", "释放内存"),
    "memory_freed": ("%size% freed. They come back when they are used.", "已释放 %size%，使用时会再次载入。"),
    "memory_help": (
        "What was used longest ago leaves by itself. Renders that run keep theirs.",
        "最久未用的会自动移出。正在渲染的不受影响。",
    ),
    **{f"model_{name}": title for name, (title, _) in _SAID.items()},
    **{f"about_{name}": about for name, (_, about) in _SAID.items()},
    **{f"family_{name}": words for name, words in _FAMILIES.items()},
}

_OF_MODELS = " ".join(f"model_{name} about_{name}" for name in _SAID)
_FACTS = (
    "fact_family fact_parameters fact_size fact_licence fact_sell fact_from fact_state from_shipped from_package "
    "from_mine from_file later about_size state_ready state_loaded state_fetch state_missing sell_yes sell_no sell_own "
    "sell_ask train_open cancel close"
)
MODELS_BUNDLES: dict[str, str] = {
    "models": "models_show kind_all kind_mine kind_look kind_style kind_enhance kind_motion kind_words shelf_none "
    "model_back model_use_style model_use_enhance model_use_create model_fetch model_fetching figures draws samples "
    f"card card_none card_hub {_FACTS} about_look about_look-file {_OF_MODELS} "
    + " ".join(f"family_{name}" for name in _FAMILIES),
    "bring": "bring_name bring_help bring_check bring_checking bring_known bring_found bring_only_found bring_layers "
    f"bring_here fact_side fact_sliders {_FACTS} family_loop",
    "memory": "memory_none memory_of memory_free memory_freed memory_help "
    + " ".join(f"model_{name}" for name in _SAID),
}
