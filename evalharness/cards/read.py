"""A card file -> a checked Card."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

from evalharness.cards.claims import check_claims, claims_of
from evalharness.cards.front_matter import HUGGING_FACE_KEYS, FrontMatter, HarnessBlock
from evalharness.digests import sha256_bytes
from evalharness.errors import BadInput, Problems
from evalharness.files.document import KeyPath
from evalharness.files.names import check_name, resolve_inside
from evalharness.files.shape import check, suggestion
from evalharness.files.yaml import YamlDocument, examine_front_matter
from evalharness.records import Card

_BLOCK: KeyPath = ("evalharness",)


def read_card(path: Path) -> Card:
    """Reads `model_cards/NAME.md`. The artefact is a file in the card's folder or below; whether it is there is `check_artifact`'s to say.

    Raises BadInput with every problem of the front matter, placed `file:line:col`.
    """
    problems = Problems()
    document, _ = examine_front_matter(path, problems)
    _check_keys(document, problems)
    matter = check(document, FrontMatter, problems)
    name = _name(path, problems)
    artifact = _artifact(document, path, problems)
    if matter is not None:
        _check_repeats(document, matter.evalharness, problems)
        _check_bands(document, matter.evalharness, problems)
        check_claims(document, matter.evalharness.claims, problems)
    problems.raise_if_any()
    assert matter is not None  # noqa: S101 - its absence is a problem, raised above
    assert artifact is not None  # noqa: S101 - likewise
    return _card(document, matter.evalharness, name, path, artifact)


def _card(document: YamlDocument, block: HarnessBlock, name: str, path: Path, artifact: Path) -> Card:
    return Card(
        name=name,
        path=path,
        digest=sha256_bytes(document.raw),
        adapter=block.adapter,
        artifact=artifact,
        sha256=block.sha256,
        version=block.version,
        family=block.family,
        supplier=block.supplier,
        team=block.team,
        classes=block.classes or (),
        score=block.score,
        score_range=block.score_range,
        bands=tuple((block.bands or {}).items()),
        inputs=block.inputs,
        vendor_artifact_sha256=block.vendor_artifact_sha256,
        claims=claims_of(block.claims),
        front_matter=document.data,
    )


def _name(path: Path, problems: Problems) -> str:
    try:
        return check_name(path.stem, path, "model name, which is the card's file name,")
    except BadInput as error:
        problems.extend(error)
        return ""


def _artifact(document: YamlDocument, path: Path, problems: Problems) -> Path | None:
    """The artefact's place, where the card names one as text; other mistakes are the shape's to report."""
    block = document.data.get("evalharness")
    relative = block.get("artifact") if isinstance(block, dict) else None
    if not isinstance(relative, str) or not relative.strip():
        return None
    try:
        return resolve_inside(path.parent, relative.strip(), document.where((*_BLOCK, "artifact")))
    except BadInput as error:
        problems.extend(error)
        return None


def _check_keys(document: YamlDocument, problems: Problems) -> None:
    """Keys that are nearly, but not quite, one that is known. Any other key is the card's own business."""
    known = {*HUGGING_FACE_KEYS, "evalharness"}
    for key in document.data:
        hint = "" if key in known else suggestion(key, known, cutoff=0.8)
        if hint:
            problems.add(
                f"unknown key '{key}'", where=document.where((key,)), expected="a key of Hugging Face's cards, or evalharness", hint=hint
            )


def _check_repeats(document: YamlDocument, block: HarnessBlock, problems: Problems) -> None:
    for key, values in (("classes", block.classes or ()), ("inputs", block.inputs), ("team", block.team)):
        for value, times in Counter(values).items():
            if times > 1:
                second = [i for i, v in enumerate(values) if v == value][1]
                where = document.where((*_BLOCK, key, second))
                problems.add(f"{key} names the same thing twice", where=where, got=value, hint="keep one")


def _check_bands(document: YamlDocument, block: HarnessBlock, problems: Problems) -> None:
    """Cut points rise in the order of the file, and every score in [0, 1] lies in a band."""
    cuts = list((block.bands or {}).items())
    for (name, cut), (following, next_cut) in pairwise(cuts):
        if not cut < next_cut:
            where = document.where((*_BLOCK, "bands", following))
            got = f"{name}: {cut:g}, {following}: {next_cut:g}"
            problems.add(
                "the bands do not rise", where=where, got=got, expected="each begins above the one before", hint="least grave first"
            )
    if block.score_range == "any" or not cuts:
        return
    for name, cut in cuts:
        if not 0 <= cut <= 1:
            where, hint = document.where((*_BLOCK, "bands", name)), "say score_range: any for scores that are no probabilities"
            problems.add(f"the band '{name}' begins outside the scores", where=where, got=f"{cut:g}", expected="0 to 1", hint=hint)
    if cuts[0][1] > 0:
        where, hint = document.where((*_BLOCK, "bands", cuts[0][0])), f"begin it at 0: {cuts[0][0]}: 0"
        problems.add("scores below the first band are in none", where=where, got=f"{cuts[0][1]:g}", expected="0", hint=hint)
