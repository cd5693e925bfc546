"""The words of the Share tab, in English and Chinese. See `vgan.ui.i18n`."""

from typing import get_args

from vgan.recipe_sound import Drive

SHARE_WORDS: dict[str, tuple[str, str]] = {
    "tab_share": ("Share", "分享"),
    "share": ("Share", "分享"),
    "source_style": ("From Style", "来自风格"),
    "source_enhance": ("From Enhance", "来自增强"),
    # groups
    "words": ("Words and pictures", "文字与图片"),
    "music": ("Music", "音乐"),
    "where": ("Where it goes", "发布到哪里"),
    # templates and brand
    "tongue": ("en", "zh"),
    "templates": ("Templates", "模板"),
    "templates_hint": (
        "Words, timing and sound for an occasion, laid over your clip. Everything can be changed afterwards.",
        "适合各种场合的文字、节奏与声音，叠加在您的短片上，之后可任意修改。",
    ),
    "template_use": ("Lay it over the clip", "应用到短片"),
    "template_bring": ("Bring a template of your own (.toml, .json)", "导入自己的模板（.toml、.json）"),
    "optional": ("optional", "可选"),
    "file_drop": ("Drop a file, or choose one", "拖入或选择文件"),
    "brand": ("Brand kit", "品牌套件"),
    "brand_name": ("Name", "名称"),
    "brand_handle": ("Handle", "账号"),
    "brand_logo": ("Logo", "标志"),
    "brand_font": ("Font", "字体"),
    "brand_font_any": ("As the template has it", "沿用模板"),
    "brand_accent": ("Accent", "强调"),
    "brand_second": ("Second", "第二"),
    "brand_ink": ("Dark", "深色"),
    "brand_paper": ("Light", "浅色"),
    "brand_clear": ("Clear the kit", "清空套件"),
    # mood
    "mood": ("Mood", "氛围"),
    "mood_read": ("Read the mood of this clip", "读取此短片的氛围"),
    "mood_again": ("Read it again", "重新读取"),
    "mood_reading": ("Reading", "正在读取"),
    "mood_hint": (
        "Estimated from colour, motion and sound, with its grounds; it suggests looks, grades and templates.",
        "根据色彩、运动与声音估计，并给出依据；推荐风格、调色与模板。",
    ),
    "mood_plane": ("%mood%, on a plane from sad to glad and from calm to stirred", "%mood%，位于悲喜与静动的平面上"),
    "mood_toward": ("Grade toward", "调色至"),
    "mood_goes": ("Goes with it", "与之相配"),
    "mood_template": ("Template: %name%", "模板：%name%"),
    "mood_stirs": ("stirs", "激动"),
    "mood_calms": ("calms", "平静"),
    "mood_gladdens": ("gladdens", "愉悦"),
    "mood_saddens": ("saddens", "忧伤"),
    "mood_neither": ("neither way", "无偏向"),
    "mood_neutral": ("Neutral", "中性"),
    "mood_calm": ("Calm", "平静"),
    "mood_tender": ("Tender", "温柔"),
    "mood_happy": ("Happy", "快乐"),
    "mood_energetic": ("Energetic", "活力"),
    "mood_tense": ("Tense", "紧张"),
    "mood_sad": ("Sad", "忧伤"),
    "ground_brightness": ("Brightness", "亮度"),
    "ground_saturation": ("Vividness", "鲜艳度"),
    "ground_warmth": ("Warmth", "暖色"),
    "ground_contrast": ("Contrast", "对比度"),
    "ground_motion": ("Motion", "运动"),
    "ground_cuts": ("Cuts", "剪切"),
    "ground_tempo": ("Tempo", "速度"),
    "ground_onsets": ("Rhythm", "节奏"),
    "ground_loudness": ("Loudness", "响度"),
    "ground_treble": ("High tones", "高音"),
    "ground_mode": ("Major or minor", "大调或小调"),
    # where it goes
    "platform": ("Platform", "平台"),
    "platform_help": (
        "Words keep clear of what it lays over the picture, and the finished file is checked against its limits.",
        "文字会避开平台覆盖的区域，完成的文件会按其限制检查。",
    ),
    "anywhere": ("Anywhere", "任意"),
    "also": ("Also make", "同时制作"),
    "also_help": (
        "Further shapes of the same clip, each drawn for itself.",
        "同一短片的其他画幅，分别绘制。",
    ),
    "max_mb": ("Largest file, MB", "文件上限，MB"),
    "max_mb_help": (
        "Of a GIF or WebP: size, rate and colours give way. Empty or 0: any.",
        "用于 GIF 或 WebP：尺寸、帧率和颜色会让步。留空或 0：不限。",
    ),
    "disclose": ("Say in the file that it was made with AI", "在文件中标明由 AI 制作"),
    "disclose_help": (
        "In its metadata, as the platforms read it. For a mark that is seen, add one above.",
        "写入平台可读取的元数据。如需可见标记，请在上方添加。",
    ),
    # bar and stage
    "draft": ("Preview", "预览"),
    "as_file": ("As it will be", "成品画面"),
    "back_to_edit": ("Back to editing", "返回编辑"),
    "lacks": ("No font here has %signs%", "没有字体包含 %signs%"),
    "lacks_help": (
        "They are drawn as empty boxes. Install a font for that script, or bring a font file.",
        "将显示为空框。请安装相应字体，或导入字体文件。",
    ),
    "guide": ("Safe zone", "安全区"),
    # music
    "music_drop": ("Drop music, or a video with sound", "拖入音乐或有声视频"),
    "music_kinds": ("WAV, MP3, OGG, FLAC, M4A, MP4 …", "WAV、MP3、OGG、FLAC、M4A、MP4 …"),
    "music_play": ("Listen", "试听"),
    "music_stop": ("Stop", "停止"),
    "music_remove": ("Remove", "移除"),
    "music_start": ("First moment of the music", "音乐起点"),
    "music_end": ("Last moment of the music", "音乐终点"),
    "music_loop": ("Begin again where it is too short", "太短时重复播放"),
    "music_graph": ("Waveform of %name% with what it moves", "%name% 的波形及其驱动的内容"),
    "music_unplayable": (
        "This browser cannot play this kind of sound. It is in the finished clip all the same.",
        "此浏览器无法播放这种声音，但成品中会有。",
    ),
    "volume": ("Music", "音乐音量"),
    "original": ("Own sound of the clip", "原声音量"),
    "fade_in": ("Fade in", "淡入"),
    "fade_out": ("Fade out", "淡出"),
    "loudness": ("As loud as the platforms play, -14 LUFS", "平台响度，-14 LUFS"),
    "moves": ("The music moves the picture", "音乐驱动画面"),
    "moves_hint": ("Choose an idea, or add what should follow what.", "选择一种方案，或自行添加。"),
    "idea_pulse": ("Pulse", "脉动"),
    "idea_flow": ("Flow", "流动"),
    "idea_glow": ("Glow", "光晕"),
    "idea_cuts": ("Cuts", "切换"),
    "drive_add": ("Add", "添加"),
    "drive_remove": ("Remove", "移除"),
    "drive_band": ("What is heard", "听到的"),
    "drive_field": ("What it moves", "驱动的"),
    "amount": ("How far", "幅度"),
    "sensitivity": ("Sensitivity", "灵敏度"),
    "smoothing": ("Smoothness", "平滑"),
    "bars": ("One loop lasts", "一个循环时长"),
    "bars_one": ("1 bar", "1 小节"),
    "bars_of": ("%n% bars", "%n% 小节"),
    "band_beats": ("Beats", "节拍"),
    "band_onsets": ("Every sound", "每个音"),
    "band_bass": ("Bass", "低音"),
    "band_mids": ("Voices", "中音"),
    "band_treble": ("Cymbals", "高音"),
    "band_loudness": ("Loudness", "响度"),
    "drive_hue": ("Colour", "色彩"),
    "drive_saturation": ("Vividness", "鲜艳度"),
    "drive_brightness": ("Brightness", "亮度"),
    "drive_contrast": ("Contrast", "对比度"),
    "drive_scale": ("Size", "大小"),
    "drive_complexity": ("Detail", "细节"),
    "drive_motion": ("Energy", "活力"),
    "drive_speed": ("Speed", "速度"),
    "drive_keys": ("Along the path", "沿路径"),
    "drive_cut": ("Cut", "切换画面"),
}

_MUSIC = (
    "music_drop music_kinds music_play music_stop music_remove music_start music_end music_loop music_graph "
    "music_unplayable volume original fade_in fade_out loudness moves moves_hint idea_pulse idea_flow idea_glow "
    "idea_cuts drive_add drive_remove drive_band drive_field amount sensitivity smoothing bars bars_one bars_of "
    "uploading upload_failed fault_file sec step_advanced"
)
SHARE_BUNDLES: dict[str, str] = {
    "mood": " ".join(["tongue", *(key for key in SHARE_WORDS if key.startswith(("mood_", "ground_")))]),
    "templates": "tongue templates templates_hint template_use template_bring optional file_drop brand brand_name "
    "brand_handle brand_logo brand_font brand_font_any brand_accent brand_second brand_ink brand_paper brand_clear "
    "upload_failed fault_file",
    "sound": " ".join(
        [
            _MUSIC,
            *(f"band_{name}" for name in get_args(Drive.model_fields["band"].annotation)),
            *(f"drive_{name}" for name in get_args(Drive.model_fields["field"].annotation)),
        ]
    ),
}
