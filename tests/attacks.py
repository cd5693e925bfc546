"""What is thrown at the app: names of files, addresses, markup, and the routes that somebody has looked at."""

from pathlib import Path

API = "/gradio_api"


def names_of(file: Path) -> list[str]:
    """Ways to ask for a file that nobody may read. `file` is absolute."""
    plain = str(file)
    bare = plain.lstrip("/")
    up, back = "../" * 12, "..\\"
    return [
        plain,
        f"//{bare}",
        f"/{plain}",
        f"./{up}{bare}",
        f"{up}{bare}",
        f"..%2f{bare.replace('/', '%2f')}",
        f"{'%2e%2e%2f' * 12}{bare}",
        f"{'%252e%252e%252f' * 12}{bare.replace('/', '%252f')}",
        plain.replace("/", "%2F"),
        plain.replace("/", "%252F"),
        f"{'..%c0%af' * 12}{bare}",
        f"{'..／' * 12}{bare}",
        f"{'．．/' * 12}{bare}",
        back * 12 + bare.replace("/", back[-1]),
        f"\\\\127.0.0.1\\c$\\{bare}",
        f"//127.0.0.1/{bare}",
        f"file://{plain}",
        f"FILE:///{bare}",
        f"file:{plain}",
        f"{plain}%00.mp4",
        f"{plain};.mp4",
        f"{plain}?.mp4",
        f"{plain}/",
        f"/proc/self/root{plain}",
        f"/proc/self/cwd/{up}{bare}",
        f"/dev/fd/../..{plain}",
        f"concat:{plain}",
        f"subfile,,start,0,end,0,,:{plain}",
        f"data:text/plain,{plain}",
        f"~/{up}{bare}",
        f"{'a/../' * 200}{bare}",
        "/" + "a" * 5000,
        "",
        ".",
        "/",
        "con.mp4",
    ]


def addresses(port: int) -> list[str]:
    """Ways to make the app ask a listener on this machine. port: of the listener."""
    return [
        f"http://127.0.0.1:{port}/clip.mp4",
        f"HTTP://127.0.0.1:{port}/clip.mp4",
        f"https://127.0.0.1:{port}/clip.mp4",
        f"http://localhost:{port}/clip.mp4",
        f"http://[::1]:{port}/clip.mp4",
        f"http://[::ffff:127.0.0.1]:{port}/clip.mp4",
        f"http://2130706433:{port}/clip.mp4",
        f"http://0x7f000001:{port}/clip.mp4",
        f"http://0177.0.0.1:{port}/clip.mp4",
        f"http://127.1:{port}/clip.mp4",
        f"http://0.0.0.0:{port}/clip.mp4",
        f"http://user:password@127.0.0.1:{port}/clip.mp4",
        f"http://127.0.0.1:{port}#@huggingface.co/clip.mp4",
        f"http:127.0.0.1:{port}/clip.mp4",
        f"//127.0.0.1:{port}/clip.mp4",
        f"ftp://127.0.0.1:{port}/clip.mp4",
        f"tcp://127.0.0.1:{port}",
        f"rtmp://127.0.0.1:{port}/live",
        f"hls+http://127.0.0.1:{port}/list.m3u8",
        f"concat:http://127.0.0.1:{port}/a|http://127.0.0.1:{port}/b",
        f"crypto+http://127.0.0.1:{port}/clip.mp4",
    ]


# Everything the app serves, by how its path begins, once somebody has looked at it.
# shut: the door answers 404. page: the same for everybody. guarded: its body, session or file is checked.
LOOKED_AT = {
    "/openapi.json": "shut",
    "/monitoring": "shut",
    "/pwa_icon": "shut",
    f"{API}/component_server": "shut",
    f"{API}/custom_component/": "shut",
    f"{API}/deep_link": "shut",
    f"{API}/dev/": "shut",
    f"{API}/file/": "shut",
    f"{API}/process_recording": "shut",
    f"{API}/proxy=": "shut",
    f"{API}/runs": "shut",
    f"{API}/stream/": "shut",
    f"{API}/token": "shut",
    f"{API}/undo-vibe-edit": "shut",
    f"{API}/vibe-": "shut",
    "/assets/": "page",
    "/config": "page",
    "/counters": "page",
    "/favicon.ico": "page",
    "/health": "page",
    "/login": "page",
    "/logout": "page",
    "/manifest.json": "page",
    "/metrics": "page",
    "/robots.txt": "page",
    "/static/": "page",
    "/svelte/": "page",
    "/theme.css": "page",
    f"{API}/app_id": "page",
    f"{API}/info": "page",
    f"{API}/login_check": "page",
    f"{API}/openapi.json": "page",
    f"{API}/queue/status": "page",
    f"{API}/startup-events": "page",
    f"{API}/theme.css": "page",
    f"{API}/user": "page",
    f"{API}/api/": "guarded",
    f"{API}/call/": "guarded",
    f"{API}/cancel": "guarded",
    f"{API}/file=": "guarded",
    f"{API}/heartbeat/": "guarded",
    f"{API}/mcp": "guarded",
    f"{API}/queue/data": "guarded",
    f"{API}/queue/join": "guarded",
    f"{API}/reset": "guarded",
    f"{API}/run/": "guarded",
    f"{API}/upload": "guarded",
    f"{API}/upload_progress": "guarded",
}

MARKUP = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "'-window.hit=1-'",
    "javascript:window.hit=1",
    "[x](javascript:window.hit=1)",
    "${window.hit=1}",
    "{{window.hit=1}}",
    "</style><script>window.hit=1</script>",
    "&lt;img src=x onerror=window.hit=1&gt;",
]

LINES = [
    "a\r\nX-Hit: 1",
    "a\nSet-Cookie: hit=1",
    "a\x00b",
    "a\u2028b",
    "a\x85b",
    'a"; filename="b',
    "a;b=c",
    "=1+1",
    "\x1b[31m",
]
