"""What Gradio says in OpenAPI about the app's endpoints, put right: it calls files a type that there is none of, leaves
out which arguments are needed, and what is answered when they are wrong."""

from typing import Any

from vgan.recipe import Recipe
from vgan.ui.doors import API

FILE = {
    "type": "object",
    "description": f"A file that was uploaded with POST {API}/upload: its path is what that answered.",
    "properties": {
        "path": {"type": "string"},
        "meta": {"type": "object", "properties": {"_type": {"type": "string", "enum": ["gradio.FileData"]}}},
    },
    "required": ["path", "meta"],
}
SAID = {"content": {"application/json": {"schema": {"type": "object", "properties": {"detail": {}}}}}}
REFUSED = {
    "400": {"description": "The body is no JSON in UTF-8, or no files."},
    "404": {"description": "There is no such endpoint."},
    "413": {"description": "The body is too long."},
    "422": {"description": "An argument is missing, unknown, or a file that was not uploaded."},
}


def honest(schema: dict[str, Any], needed: dict[str, list[str]]) -> dict[str, Any]:
    """`schema` as Gradio gives it, mended in place. needed: the arguments that each endpoint cannot do without."""
    schema.setdefault("components", {}).setdefault("schemas", {})["Recipe"] = {
        "type": "object",
        "description": "A clip as a recipe. What is left out takes its default.",
        "properties": {name: {"description": name} for name in Recipe.model_fields},
    }
    schema["components"]["securitySchemes"] = {
        "login_check": {"type": "apiKey", "in": "cookie", "name": "access-token", "description": "Of POST /login."}
    }
    for path, operations in schema.get("paths", {}).items():
        for method, operation in operations.items():
            if method == "post":
                for status, about in REFUSED.items():
                    operation["responses"][status] = about | SAID
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body is None:
                continue
            fields = body.get("properties", {})
            body |= {"properties": {name: _mended(name, part) for name, part in fields.items()}}
            body["additionalProperties"] = False
            if names := needed.get(path.rpartition("/")[2]):
                body["required"] = names
    return schema


def _mended(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """The schema of one argument. OpenAPI 3.0 has no type null: it says nullable."""
    if name == "recipe":
        return {"$ref": "#/components/schemas/Recipe"}
    choices = part.get("oneOf") or part.get("anyOf") or [part]
    filled = [one for one in choices if one.get("type") != "null"]
    made = dict(filled[0]) if filled else {}
    if made.get("type") == "filepath" or made.get("format") == "filepath":
        made = dict(FILE)
    if len(filled) < len(choices):
        made["nullable"] = True
    return made
