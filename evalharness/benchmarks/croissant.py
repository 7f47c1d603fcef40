"""A benchmark described for machines: Croissant 1.0 JSON-LD with the responsible-AI vocabulary (mlcommons.org/croissant).

What is said in words comes from the datasheet, what is counted from the manifest and the files; nothing is said twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalharness.errors import bad_input

SECTIONS = {
    "dataCollection": "Collection process",
    "dataPreprocessingProtocol": "Preprocessing, cleaning, labelling",
    "dataUseCases": "Uses",
    "dataReleaseMaintenancePlan": "Maintenance",
}
"""rai: property -> heading of the datasheet that it quotes."""
_LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
_TYPES = {"text": "sc:Text", "bool": "sc:Boolean"}
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedFile:
    """One table in one file."""

    table: str
    path: str
    """Relative to the folder of the document."""
    sha256: str
    """64 hex of the file's bytes."""
    media_type: str
    """`text/csv` or `application/vnd.apache.parquet`."""
    columns: Mapping[str, str]
    """Column -> type as in a manifest: `text`, or a numpy type name."""
    about: str


def croissant(
    *, name: str, title: str, version: int, date: str, datasheet: str, harms: Mapping[str, Any], files: Sequence[DescribedFile]
) -> dict[str, Any]:
    """The JSON-LD document. `datasheet`: the text of DATASHEET.md; `date`: of publication, YYYY-MM-DD; `harms`: the dials of the recipe.

    Raises BadInput where the datasheet lacks a section that the document quotes.
    """
    sections = sections_of(datasheet)
    missing = [heading for heading in SECTIONS.values() if heading not in sections]
    if missing:
        raise bad_input(
            "the datasheet lacks sections", where=f"{name}: DATASHEET.md", got=", ".join(missing), expected="a heading '## …' each"
        )
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": name,
        "description": f"{title}. Synthetic and abstract: nothing in it describes anybody or anything. See DATASHEET.md.",
        "version": f"{version}.0.0",
        "datePublished": date,
        "license": _LICENCE,
        "url": "DATASHEET.md",
        "creator": {"@type": "sc:Organization", "name": "The authors of evalharness"},
        "citeAs": f"evalharness: the synthetic benchmark {name}, version {version}",
        **{f"rai:{key}": sections[heading] for key, heading in SECTIONS.items()},
        "rai:dataBiases": [_harm(key, harm) for key, harm in sorted(harms.items())] or ["none injected"],
        "rai:dataLimitations": "The figures describe the recipe that made the items, never a real stream of items.",
        "rai:personalSensitiveInformation": ["none: every item, person and group in it is made up"],
        "distribution": [_file(file) for file in files],
        "recordSet": [_record_set(file) for file in files],
    }


def sections_of(markdown: str) -> dict[str, str]:
    """Heading of the second level -> the text under it, in one line."""
    parts = re.split(r"(?m)^## +(.+?) *$", markdown)
    return {heading: " ".join(text.split()) for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def _harm(name: str, harm: Mapping[str, Any]) -> str:
    of = " and ".join(f"{attribute} {level}" for attribute, level in harm.get("of", {}).items()) or "everybody"
    size = f"size {harm['size']:g}" if harm["size"] else "off (size 0)"
    low, high = harm["range"]
    return f"{name}, of {of}: {size}; plausible from {low:g} to {high:g}"


def _file(file: DescribedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": file.about,
        "contentUrl": file.path,
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }


def _record_set(file: DescribedFile) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": file.table,
        "name": file.table,
        "description": file.about,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{file.table}/{column}",
                "name": column,
                "description": f"column {column}",
                "dataType": _data_type(kind),
                "source": {"fileObject": {"@id": file.path}, "extract": {"column": column}},
            }
            for column, kind in file.columns.items()
        ],
    }


def _data_type(kind: str) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    return "sc:Integer" if "int" in kind else "sc:Float"
