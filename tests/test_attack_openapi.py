"""The endpoints as their own OpenAPI says they are called, and as it does not: no answer is a failure of the app."""

import re
from typing import Any

import httpx
import pytest
import schemathesis
from attacked import API, App, call
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

pytest_plugins = ["attacked"]

FEW = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_answer_is_a_failure(app: App) -> None:
    described = schemathesis.openapi.from_url(f"{app.url}{API}/openapi.json")
    described.raw_schema["servers"] = [{"url": app.url}]
    found: list[Any] = list(described.get_all_operations())
    operations = [one.ok() for one in found]
    assert len(operations) == 9, "four endpoints with their answers, and uploads"
    for operation in operations:
        if operation.path.endswith("/render"):
            continue  # what it takes is what /preview takes; thousands of default clips would be made

        @FEW
        @given(operation.as_strategy())
        def tried(case: Any) -> None:
            case.call_and_validate(base_url=app.url, checks=[not_a_server_error], timeout=30)

        tried()
    log = (app.folder.parent / "log").read_text(errors="replace")
    assert "Exception in ASGI" not in log


def test_the_schema_is_openapi(app: App, visitor: httpx.Client) -> None:
    schema = visitor.get(f"{API}/openapi.json").json()
    types = set(re.findall(r"'type': '(\w+)'", repr(schema)))
    assert types <= {"object", "string", "array", "integer", "number", "boolean", "apiKey"}
    for name in ("preview", "render", "words", "models"):
        post = schema["paths"][f"{API}/call/v2/{name}"]["post"]
        assert {"200", "404", "413", "422"} <= post["responses"].keys()
    words = schema["paths"][f"{API}/call/v2/words"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert words["required"] == ["sentence"]


@pytest.mark.parametrize("name", ["preview", "render", "words"])
@settings(FEW, max_examples=12)
@given(
    raw=st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda part: st.lists(part) | st.dictionaries(st.text(max_size=9), part),
        max_leaves=8,
    )
)
def test_what_is_no_recipe_is_told_what_is_wrong(app: App, name: str, raw: Any) -> None:
    if not raw:
        return  # the default clip
    with httpx.Client(base_url=app.url, timeout=60) as client:
        data = ["calm", raw] if name == "words" else [raw, "strip" if name == "preview" else None, None]
        event, said = call(client, name, *data)
    assert event in {"error", "refused"}
    text = said.get("error") or said.get("detail")
    assert re.match(r"[^\n]+: |The body", text), said


CASES: list[tuple[str, list[Any], str]] = [
    ("preview", [{"source": {"look": 1}}, "webp", None], "source"),
    ("preview", [{}, "bmp", None], "kind: "),
    ("preview", [{"share": {"fps": 1e9}}, "webp", None], "share.fps: "),
    ("preview", [{"steps": "x"}, "webp", None], "steps: "),
    ("preview", [[], "webp", {"path": 7}], "file"),
    ("render", [{"overlays": [{"kind": "x"}]}, None, None], "overlays.0.kind: "),
    ("render", [{"source": {"kind": "upload", "path": "/etc/passwd"}}, None, None], "source.path: "),
    ("render", [{}, {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, None], "file: "),
    ("words", ["x" * 5000, None], "sentence"),
    ("words", [{"a": 1}, None], "sentence"),
    ("words", ["calm", {"source": {"kind": "upload", "path": "a"}}], "source.kind: "),
]


@pytest.mark.parametrize(("name", "data", "field"), CASES, ids=lambda part: str(part)[:30])
def test_message_names_the_field(visitor: httpx.Client, name: str, data: list[Any], field: str) -> None:
    event, said = call(visitor, name, *data)
    assert event in {"error", "refused"}, said
    assert (said.get("error") or said.get("detail")).startswith(field), said


def test_unknown_events_end_at_once(app: App, visitor: httpx.Client) -> None:
    for path in (f"{API}/call/render/{'0' * 32}", f"{API}/queue/data?session_hash=nobody", f"{API}/call/v2/render/x"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "error" in answer.text
