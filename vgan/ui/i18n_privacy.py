"""What is said about what is kept of a visitor, in English and Chinese. See `vgan.ui.i18n`."""

PRIVACY_WORDS: dict[str, tuple[str, str]] = {
    "kept": ("Your files", "你的文件"),
    "kept_hours": (
        "What you upload, and what you make, is yours alone. It lies on the machine that runs this app and is deleted "
        "%hours% after you last used it, at the latest.",
        "你上传的和制作的内容只属于你。它们保存在运行本应用的机器上，最迟在你最后一次使用 %hours%后删除。",
    ),
    "kept_hour": ("1 hour", "1 小时"),
    "kept_some": ("%n% hours", "%n% 小时"),
    "kept_less": ("%n% minutes", "%n% 分钟"),
    "kept_clean": (
        "Place, device and names inside a file are left out of what is made of it.",
        "文件内部的地点、设备和姓名信息不会带入成品。",
    ),
    "kept_nobody": (
        "There are no trackers and no analytics. The app asks no other host but the Hugging Face Hub, for models.",
        "没有跟踪器，也没有分析统计。除了为获取模型访问 Hugging Face Hub，应用不连接其他主机。",
    ),
    "kept_render": (
        "This browser remembers what it renders until it is finished, for a day at most.",
        "浏览器会记住正在渲染的内容，直到完成，最长一天。",
    ),
    "kept_here": (
        "Looks that you train are kept, with their footage, until you remove them. A cookie tells your files from "
        "those of others.",
        "你训练的风格及其素材会一直保留，直到你移除。一个 Cookie 用来区分你和他人的文件。",
    ),
    "kept_public": ("A cookie tells your files from those of others.", "一个 Cookie 用来区分你和他人的文件。"),
    "kept_delete": ("Delete my files now", "立即删除我的文件"),
    "kept_sure": ("Delete them for good", "确认永久删除"),
    "kept_gone": ("Deleted.", "已删除。"),
}
PRIVACY_BUNDLE = " ".join(PRIVACY_WORDS)
