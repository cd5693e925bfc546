"""The words of the Train tab, in English and Chinese. See `vgan.ui.i18n`."""

TRAIN_WORDS: dict[str, tuple[str, str]] = {
    "tab_train": ("Train", "训练"),
    # clips
    "train_drop": ("Drop your clips here", "将短片拖到此处"),
    "train_more": ("Add more clips", "添加更多短片"),
    "train_kinds": ("Several at once, up to 200 MB each", "可一次多个，每个最大 200 MB"),
    "train_uploading": ("Reading %n% clips", "正在读取 %n% 个短片"),
    "train_advice": (
        "Best are three to ten clips of one thing that moves: fire, water, fabric, smoke, traffic at night. They stay "
        "on this machine.",
        "最好是三到十个同一事物运动的短片：火、水、布料、烟、夜晚的车流。文件只保存在本机。",
    ),
    "train_most": (
        "At most %n% clips. The rest was left out; remove some first.",
        "最多 %n% 个短片，其余未采用，请先移除一些。",
    ),
    "train_remove_clip": ("Leave this clip out", "移除此短片"),
    # stage
    "train_clip": ("The clip that is chosen", "所选短片"),
    "train_crop": (
        "Window of the picture that is used. Arrow keys move it, with Shift they change its size.",
        "所用画面的窗口。方向键移动，按住 Shift 改变大小。",
    ),
    "train_whole": ("Whole picture", "整个画面"),
    "train_example": ("What a training gives", "训练的成果"),
    "train_sheet": ("The newest pictures of this training", "本次训练的最新画面"),
    "train_hint": (
        "Top: a clip. Below: what the look makes, at two moments of its loop. It plays in Create like any other look, "
        "with all its sliders.",
        "上方：短片。下方：此风格在循环的两个时刻所绘的画面。它可像其他风格一样在创作中使用，所有滑块均可用。",
    ),
    "train_try": ("Try it with our example clip", "用示例短片试试"),
    "train_closed_title": ("For your own machine", "请在您自己的电脑上使用"),
    "train_closed_text": (
        "This app is open to everybody, and a training takes a machine for many minutes. On your own: download the "
        "project, run make app, and this tab trains.",
        "此应用对所有人开放，而训练会占用机器许多分钟。请下载项目，在自己的电脑上运行 make app，即可在此训练。",
    ),
    "train_show_training": ("Show the training", "显示训练"),
    "train_show_clips": ("Show the clips", "显示短片"),
    "train_open": ("Open in Create", "在创作中打开"),
    "train_starting": ("Getting ready", "正在准备"),
    "train_reading": ("Watching your clips", "正在观看短片"),
    "train_measuring": ("Measuring colours and motion", "正在测量色彩与运动"),
    "train_training": ("Learning", "正在学习"),
    "train_finishing": ("Finishing", "正在完成"),
    "train_pausing": ("Keeping what was learned", "正在保存进度"),
    "train_paused": ("Paused", "已暂停"),
    "train_failed": ("Stopped", "已停止"),
    "train_done": ("Ready", "已完成"),
    "train_failed_title": ("The training stopped", "训练已停止"),
    "train_before": ("Before anything is learned, every frame is looked at once.", "学习之前，会先看一遍每一帧。"),
    "train_soon": ("The first pictures come in a minute or so.", "约一分钟后会出现第一批画面。"),
    "train_soon_hint": (
        "It goes on when you close this page. Come back at any time to see how far it is.",
        "关闭此页面后训练会继续。可随时回来查看进度。",
    ),
    "train_waits_hint": ("It goes on exactly where it stopped.", "会从停止处继续。"),
    "train_step": ("step %n%", "第 %n% 步"),
    "train_distance": ("distance %n%", "距离 %n%"),
    "train_maker": ("Painter", "画师"),
    "train_judge": ("Critic", "评审"),
    "train_losses": ("Losses of the painter and of the critic over time", "画师与评审的损失随时间变化"),
    "train_losses_help": (
        "Losses of both networks. They keep each other in balance, so neither falls to zero: trust the pictures.",
        "两个网络的损失。它们相互制衡，都不会降到零：请以画面为准。",
    ),
    # bar
    "train_bar": ("Name and minutes", "名称与时长"),
    "train_name": ("Name", "名称"),
    "train_name_hint": ("as the first clip", "同第一个短片"),
    "train_minutes": ("Minutes", "分钟"),
    "train_go": ("Train", "训练"),
    "train_pause": ("Pause", "暂停"),
    "train_idle": ("Beside your work", "在后台进行"),
    # how
    "train_mirror": ("Clips may be mirrored", "可左右翻转"),
    "train_mirror_help": (
        "More to learn from. Switch it off where there is lettering.",
        "可学习的内容更多。有文字时请关闭。",
    ),
    "train_loop": ("Seconds of a loop", "循环秒数"),
    "train_loop_help": (
        "How many seconds of your clips one loop lasts. Slow things want more.",
        "一个循环包含短片的多少时间。缓慢的事物需要更多。",
    ),
    "train_scratch": ("Begin at nothing", "从零开始"),
    "train_scratch_help": (
        "Not at the looks that ship. Takes many times as long.",
        "不从自带的风格开始，耗时多倍。",
    ),
    # shelf
    "shelf": ("Your looks", "我的风格"),
    "shelf_none": (
        "Looks that you train stand here, and in the gallery of Create.",
        "您训练的风格会显示在此处以及创作的图库中。",
    ),
    "shelf_minutes": ("%n% min", "%n% 分钟"),
    "shelf_rename": ("Rename", "重命名"),
    "shelf_keep": ("Keep", "保存"),
    "shelf_yes": ("Remove", "移除"),
    "shelf_no": ("No", "否"),
    "shelf_sure": ("Remove it for good?", "永久移除？"),
    "shelf_sure_training": ("Throw it away?", "丢弃？"),
    "push_look": ("Look", "风格"),
    "push_group": ("Push to the Hub", "推送到 Hub"),
}

TRAIN_BUNDLES: dict[str, str] = {
    "trainer": "train_clip train_crop train_whole train_example train_sheet train_hint train_try train_closed_title "
    "train_closed_text train_show_training train_show_clips train_open train_starting train_reading train_measuring "
    "train_training train_finishing train_pausing train_paused train_failed train_done train_failed_title train_before "
    "train_soon train_soon_hint train_waits_hint train_step train_distance train_maker train_judge train_losses "
    "train_losses_help trim_start trim_end left close sec min",
    "footage": "train_drop train_more train_kinds train_uploading train_advice train_most train_remove_clip "
    "upload_failed fault_file",
    "shelf": "shelf_none shelf_minutes shelf_rename shelf_keep shelf_yes shelf_no shelf_sure shelf_sure_training "
    "train_open train_name train_paused train_failed download path_remove discard resume",
}
TRAIN_METER = "train_starting train_reading train_measuring train_training train_finishing train_pausing train_idle"
