"""Artefacts whose bytes depend on the model alone."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import skops.io

EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(model: Any) -> bytes:
    """The model in skops format, the same bytes for the same model: members without dates, objects numbered as they appear."""
    stored = zipfile.ZipFile(io.BytesIO(skops.io.dumps(model)))
    schema = json.loads(stored.read("schema.json"))
    numbers: dict[int, int] = {}
    _renumber(schema, numbers)
    files = {_renamed(name, numbers): stored.read(name) for name in stored.namelist() if name != "schema.json"}
    files["schema.json"] = json.dumps(schema, separators=(",", ":")).encode()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, files[name])
    return result.getvalue()


def _renumber(node: Any, numbers: dict[int, int]) -> None:
    if isinstance(node, list):
        for item in node:
            _renumber(item, numbers)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("__id__"), int):
        node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
    for item in node.values():
        _renumber(item, numbers)
    if isinstance(node.get("file"), str):
        node["file"] = _renamed(node["file"], numbers)


def _renamed(file: str, numbers: dict[int, int]) -> str:
    stem, dot, ending = file.partition(".")
    return f"{numbers[int(stem)]}{dot}{ending}"
