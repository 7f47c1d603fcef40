"""Loads an estimator from a skops file. Pickle runs code when it is loaded, so nothing of that kind is opened."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

import skops.io

from evalharness.adapters.protocol import AdapterNotice
from evalharness.adapters.trusted_types import TRUSTED_TYPES
from evalharness.errors import bad_input, shown

_PICKLES = {".pkl", ".pickle", ".p", ".joblib", ".dill", ".cloudpickle"}
_PICKLE_START = b"\x80"
_HINT = "save the model with skops.io.dump(model, 'name.skops')"


def load_estimator(data: bytes, path: Path) -> Any:
    """The estimator in `data`, the bytes of `path`.

    Raises BadInput for pickles, for anything else that is not skops, and for types not on the reviewed list.
    Warns with AdapterNotice what scikit-learn warns about while loading, such as another version.
    """
    _refuse_other_formats(data, path)
    _refuse_untrusted(_attempt(path, skops.io.get_untrusted_types, data=data), path)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        estimator = _attempt(path, skops.io.loads, data, trusted=list(TRUSTED_TYPES))
    for text in dict.fromkeys(str(warning.message) for warning in heard):
        warnings.warn(f"{path.name}: {shown(text, 600)}", AdapterNotice, stacklevel=2)
    return estimator


_SCHEMA = "schema.json"
_MOST_BYTES = 2 << 30
_MOST_SCHEMA_BYTES = 64 << 20


def _refuse_other_formats(data: bytes, path: Path) -> None:
    if path.suffix.lower() in _PICKLES or data.startswith(_PICKLE_START):
        why = "pickle and joblib files run whatever code they hold when they are loaded; they are refused"
        raise bad_input(why, where=path, got=path.suffix or "pickled data", expected="a .skops file", hint=_HINT)
    stream = BytesIO(data)
    try:
        sizes = {info.filename: info.file_size for info in ZipFile(stream).infolist()} if is_zipfile(stream) else {}
    except BadZipFile:
        sizes = {}
    if sum(sizes.values()) > _MOST_BYTES or sizes.get(_SCHEMA, 0) > _MOST_SCHEMA_BYTES:
        what = f"the file unpacks to {sum(sizes.values()):,} bytes, {sizes.get(_SCHEMA, 0):,} of them its description"
        expected = f"at most {_MOST_BYTES:,}, and {_MOST_SCHEMA_BYTES:,} of description"
        raise bad_input(what, where=path, got=f"{len(data):,} bytes packed", expected=expected, hint=_HINT)
    if _SCHEMA not in sizes:
        raise bad_input("this is not a skops file", where=path, got=f"{len(data)} bytes", expected="a complete .skops file", hint=_HINT)


def _refuse_untrusted(named: list[str], path: Path) -> None:
    unknown = sorted(set(named) - set(TRUSTED_TYPES))
    if unknown:
        raise bad_input(
            f"the file names {len(unknown)} type(s) that nobody has reviewed; nothing was loaded",
            where=path,
            got=", ".join(unknown),
            expected="types that skops trusts, or that evalharness.adapters.trusted_types lists",
            hint="use an estimator of scikit-learn itself, or have the type reviewed and added to the list",
        )


def _attempt(path: Path, call: Any, *arguments: Any, **options: Any) -> Any:
    """Calls into skops; whatever it raises on a broken or hostile file is the file's fault."""
    try:
        return call(*arguments, **options)
    except MemoryError:
        raise
    except Exception as error:
        got = f"{type(error).__name__}: {error}"
        hint = "write it again with the versions installed here"
        raise bad_input("the skops file cannot be loaded", where=path, got=got, hint=hint) from error
