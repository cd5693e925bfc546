"""The words of the page of counters, for whoever runs the app."""

# key: (English, Chinese)
COUNTER_WORDS = {
    "title": ("Counters", "计数"),
    "since": ("Since the app was started", "自应用启动以来"),
    "works": ("Work", "任务"),
    "device": ("Device", "设备"),
    "machine": ("Machine", "机器"),
    "renders": ("Finished", "已完成"),
    "cancelled": ("Stopped or left", "已停止或离开"),
    "refused": ("Refused or line full", "被拒绝或队列已满"),
    "failed": ("Failed", "失败"),
    "previews": ("Previews", "预览"),
    "refusals": ("Requests refused", "被拒绝的请求"),
    "errors": ("Unexpected errors", "意外错误"),
    "files": ("Files made", "生成的文件"),
    "busy": ("Seconds of long work", "长任务秒数"),
    "line": ("Waiting now", "当前等待"),
    "took": ("Seconds a work, mean", "每项任务平均秒数"),
    "waited": ("Seconds of waiting, mean", "平均等待秒数"),
    "drew": ("Seconds a preview, mean", "每次预览平均秒数"),
    "memory": ("Memory, MB", "内存，MB"),
    "disk": ("Disk free, GB", "可用磁盘，GB"),
    "uptime": ("Running for", "已运行"),
    "swept": ("Files deleted for their age", "因过期而删除的文件"),
    "plain": ("The same for Prometheus", "供 Prometheus 使用"),
}


def counter_words(asked: str) -> dict[str, str]:
    """The words in the language that a browser asks for first. asked: its header Accept-Language."""
    first = asked.split(",")[0].strip().lower()
    return {key: both[first.startswith("zh")] for key, both in COUNTER_WORDS.items()} | {
        "lang": "zh" if first.startswith("zh") else "en"
    }
