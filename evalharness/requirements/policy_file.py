"""Policy files: found, read, checked, all mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evalharness.digests import sha256_bytes
from evalharness.errors import Problems, bad_input
from evalharness.files.document import KeyPath
from evalharness.files.names import NAME
from evalharness.files.plain import check_plain
from evalharness.files.shape import check, suggestion
from evalharness.files.yaml import YamlDocument, examine_yaml, read_bytes, read_yaml
from evalharness.records import Policy
from evalharness.requirements.policy_checks import check_policy
from evalharness.requirements.record import policy_record
from evalharness.requirements.shape import PolicyShape, policy_json_schema

__all__ = ["policy_for", "policy_from_document", "policy_json_schema", "policy_places", "read_policy"]


def policy_for(policy: str, workspace: Path) -> Path:
    """The file of POLICY: a path that ends in .yaml or .yml, or the name of one in `policies/`. Raises BadInput when there is none."""
    given = Path(policy)
    if given.suffix in {".yaml", ".yml"}:
        return given
    path = workspace / "policies" / f"{policy}.yaml"
    if NAME.fullmatch(policy) and path.is_file():
        return path
    known = sorted(found.stem for found in (workspace / "policies").glob("*.yaml") if NAME.fullmatch(found.stem))
    raise bad_input(
        "no such policy",
        where="--policy",
        got=policy,
        expected="the path of a .yaml file, or the name of one in policies/",
        hint=suggestion(policy, known) or f"known here: {', '.join(known) or 'none'}",
    )


def read_policy(path: Path) -> Policy:
    """Reads and checks a policy. Raises BadInput with every problem, placed `file:line:col`."""
    problems = Problems()
    raw = read_bytes(path)
    document = examine_yaml(raw, str(path), problems)
    return _checked(document, sha256_bytes(raw), problems)


def policy_from_document(document: Mapping[str, Any], digest: str) -> Policy:
    """The same checks for the copy of a policy that evidence carries; `digest` is that of the file it came from.

    Raises BadInput with every problem, placed by key.
    """
    problems = Problems()
    if not isinstance(document, dict):
        raise bad_input("the policy is not a mapping", where="policy", got=type(document).__name__)
    check_plain(document, "policy", problems)
    problems.raise_if_any()
    return _checked(YamlDocument(path_text="policy", raw=b"", data=document, places={}), digest, problems)


def policy_places(path: Path) -> Callable[[KeyPath], str]:
    """`file:line:col` of a key of the policy at `path`, for `expand`. The file is read when a place is first asked for."""
    found: list[YamlDocument] = []

    def place(key: KeyPath) -> str:
        if not found:
            found.append(read_yaml(path))
        return found[0].where(key)

    return place


def _checked(document: YamlDocument, digest: str, problems: Problems) -> Policy:
    shape = check(document, PolicyShape, problems)
    check_policy(document, problems)
    problems.raise_if_any()
    assert shape is not None  # noqa: S101 - its absence is a problem, raised above
    return policy_record(shape, digest, document.data)
