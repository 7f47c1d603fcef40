"""The register of signers: what is believed, and everything that is not."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import signing
from securesystemslib.signer import CryptoSigner

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, MissingSignOff
from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import cosign, read_statement, sign, statement
from evalharness.signoff.predicates import KEY, SIGNERS, KeyRevocation, Root, RootKey, SignersPredicate
from evalharness.signoff.register import read_register, root_fingerprint, subject_of
from evalharness.signoff.register_files import version_path
from evalharness.signoff.register_yaml import signers_yaml

LATER = "2025-06-01T00:00:00Z"


@pytest.fixture
def office(tmp_path: Path) -> signing.Office:
    return signing.Office(tmp_path)


def refused(office: signing.Office, *words: str, as_: type[Exception] = Altered, pinned: str | None = None) -> None:
    with pytest.raises(as_) as caught:
        read_register(office.folder, pinned)
    for word in words:
        assert word in str(caught.value)


def test_a_register_reads_back_with_people_keys_roles_and_root(office: signing.Office) -> None:
    register = office.register()
    assert (register.version, register.quorum, register.rehearsal) == (1, 2, True)
    assert [entry.person for entry in register.entries] == ["ada", "ben", "cy", "dee", "eve", "fay"]
    ada = register.entry(key_id(signing.public_hex("ada")))
    assert ada is not None
    assert ada.roles == ("senior_responsible_owner",)
    assert register.person("ada") == (ada,)
    assert register.entry("0" * 64) is None
    assert register.person("nobody") == ()
    assert register.predicate == office.first()


def test_a_chain_of_versions_keeps_the_first_root_as_fingerprint(office: signing.Office) -> None:
    first = office.register()
    office.write_version(office.next(issued=LATER))
    second = office.register()
    assert second.root == first.root == root_fingerprint(office.first().root)
    assert [v[:3] for v in second.versions] == [(1, first.digest, signing.ISSUED), (2, second.digest, LATER)]
    assert second.predicate.previous == first.digest
    assert second.ref.version == 2


def test_the_fingerprint_is_of_keys_and_quorum_alone() -> None:
    one = signing.root("root-a", "root-b", quorum=2)
    assert root_fingerprint(one) == root_fingerprint(Root(quorum=2, keys=tuple(reversed(one.keys))))
    assert root_fingerprint(one) != root_fingerprint(signing.root("root-a", "root-b", quorum=1))
    assert root_fingerprint(one) != root_fingerprint(signing.root("root-a", "root-c", quorum=2))


@pytest.mark.parametrize("name", ["signers.yaml", "root.txt", "signers", "."])
def test_what_is_absent_is_missing(office: signing.Office, name: str) -> None:
    path = office.folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    refused(office, as_=MissingSignOff)


def test_signers_yaml_edited_by_any_byte_is_altered(office: signing.Office) -> None:
    path = office.folder / "signers.yaml"
    data = path.read_bytes()
    for position in random.Random(1).sample(range(len(data)), 60):
        for changed in (
            data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :],
            data[:position] + data[position + 1 :],
            data[:position] + b" " + data[position:],
        ):
            path.write_bytes(changed)
            refused(office, "signers.yaml")
    path.write_bytes(data + b"\n")
    refused(office, "signers.yaml")


def test_every_byte_of_a_version_counts(office: signing.Office) -> None:
    path = version_path(office.folder, 1)
    data = path.read_bytes()
    for position in random.Random(2).sample(range(len(data)), 150):
        for changed in (data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :], data[:position] + data[position + 1 :]):
            path.write_bytes(changed)
            refused(office)


@pytest.mark.parametrize("text", ["", "sha256:12\n", "SHA256:" + "0" * 64 + "\n", "sha256:" + "0" * 64, "sha256:" + "0" * 64 + "\n\n"])
def test_a_malformed_pin_is_altered(office: signing.Office, text: str) -> None:
    (office.folder / "root.txt").write_text(text)
    refused(office, "root.txt")


def test_a_register_under_another_root_than_the_pinned_one_is_not_the_one_agreed_on(office: signing.Office) -> None:
    right = office.register().root
    assert read_register(office.folder, right).root == right
    refused(office, "not the register that was agreed on", as_=MissingSignOff, pinned="sha256:" + "0" * 64)
    refused(office, as_=MissingSignOff, pinned="")
    (office.folder / "root.txt").write_text("sha256:" + "1" * 64 + "\n")
    refused(office, "root.txt", as_=MissingSignOff)
    refused(office, "root.txt", as_=MissingSignOff, pinned=right)


def test_a_register_replaced_as_a_whole_fails_against_the_pin(office: signing.Office, tmp_path: Path) -> None:
    pinned = office.register().root
    shutil.rmtree(office.folder)
    signing.Office(tmp_path, root_people=("mallory", "mallory-two"))
    refused(office, "pinned", as_=MissingSignOff, pinned=pinned)


def test_too_few_root_signatures_are_altered(office: signing.Office) -> None:
    office.write_version(office.first(), "root-a")
    refused(office, "1 of its 2 root signatures")


def test_one_root_key_that_signs_twice_counts_once(office: signing.Office) -> None:
    data = office.write_version(office.first(), "root-a").read_bytes()
    signed = read_statement(data, "x")
    assert cosign(signed, signing.signer("root-a")) == data
    doubled = data.replace(b'"signatures":[', b'"signatures":[' + data.partition(b'"signatures":[')[2].removesuffix(b"]}") + b",")
    version_path(office.folder, 1).write_bytes(doubled)
    refused(office, "a key signed twice")


def test_a_signature_by_somebody_who_holds_no_root_key_spoils_a_version(office: signing.Office) -> None:
    office.write_version(office.first(), "root-a", "root-b", "ada")
    refused(office, "not by a root key")


def test_a_right_signature_under_a_wrong_key_id_is_altered(office: signing.Office) -> None:
    path = version_path(office.folder, 1)
    a, b = (key_id(signing.public_hex(name)).encode() for name in ("root-a", "root-b"))
    path.write_bytes(path.read_bytes().replace(a, b"X" * 64).replace(b, a).replace(b"X" * 64, b))
    refused(office)


def test_a_gap_in_the_versions_is_altered(office: signing.Office) -> None:
    office.write_version(office.next())
    office.write_version(office.next())
    version_path(office.folder, 2).unlink()
    refused(office, "0002.dsse.json is missing")


def test_a_register_rolled_back_by_its_files_is_seen_by_signers_yaml(office: signing.Office) -> None:
    office.write_version(office.next(issued=LATER))
    version_path(office.folder, 2).unlink()
    refused(office, "signers.yaml")


def test_a_version_that_follows_another_chain_is_altered(office: signing.Office) -> None:
    office.write_version(office.next(previous="sha256:" + "0" * 64))
    refused(office, "does not follow")


def test_a_version_under_the_wrong_number_is_altered(office: signing.Office) -> None:
    data = office.write_version(office.next()).read_bytes()
    version_path(office.folder, 3).write_bytes(data)
    refused(office, "it says that it is version 2")


def test_a_version_issued_before_the_one_it_follows_is_altered(office: signing.Office) -> None:
    office.write_version(office.next(issued="2024-12-31T23:59:59Z"))
    refused(office, "before the version it follows")


def test_a_statement_of_another_type_signed_by_the_root_is_no_register(office: signing.Office) -> None:
    shutil.copy(office.public_path("root-a"), version_path(office.folder, 1))
    refused(office, "type")
    payload = statement(SIGNERS, subject_of(office.first()), office.first()).replace(SIGNERS.encode(), KEY.encode())
    version_path(office.folder, 1).write_bytes(sign(payload, [signing.signer("root-a"), signing.signer("root-b")]))
    refused(office)


def test_a_version_whose_subject_is_not_the_readable_file_is_altered(office: signing.Office) -> None:
    roots = [signing.signer("root-a"), signing.signer("root-b")]
    right = subject_of(office.first())["signers.yaml"]
    for subject in ({"signers.yaml": "sha256:" + "0" * 64}, {"other.yaml": right}, {"signers.yaml": right, "other.yaml": right}):
        version_path(office.folder, 1).write_bytes(sign(statement(SIGNERS, subject, office.first()), roots))
        refused(office, "signers.yaml")


def signed_as(office: signing.Office, readable: bytes) -> None:
    """Version 1 over another form of the readable file."""
    roots = [signing.signer("root-a"), signing.signer("root-b")]
    payload = statement(SIGNERS, {"signers.yaml": sha256_bytes(readable)}, office.first())
    version_path(office.folder, 1).write_bytes(sign(payload, roots))
    (office.folder / "signers.yaml").write_bytes(readable)


def test_a_readable_file_in_another_form_is_believed_when_it_was_signed_and_says_the_same(office: signing.Office) -> None:
    before = office.register()
    signed_as(office, (office.folder / "signers.yaml").read_bytes().replace(b"# Who may", b"# In another form: who may"))
    assert office.register().entries == before.entries


@pytest.mark.parametrize(("old", "new"), [(b"ada", b"abe"), (b"quorum: 2", b"quorum: 1"), (b"root:", b"root: [")])
def test_a_readable_file_that_says_something_else_is_altered_though_the_root_signed_it(
    office: signing.Office, old: bytes, new: bytes
) -> None:
    signed_as(office, (office.folder / "signers.yaml").read_bytes().replace(old, new))
    refused(office, "signers.yaml is not what version 1 says")


def test_names_links_and_folders_that_do_not_belong_are_altered(office: signing.Office, tmp_path: Path) -> None:
    versions = office.folder / "signers"
    for name in ("1.dsse.json", "00001.dsse.json", "0001.json", "note.txt", "0001.dsse.json.bak", "0000.dsse.json"):
        (versions / name).write_text("x")
        refused(office)
        (versions / name).unlink()
    (versions / ".0002.dsse.json.tmp-1-ab").write_text("unfinished")
    (versions / "0002.proposed.dsse.json").write_text("waits")
    assert office.register().version == 1
    elsewhere = tmp_path / "elsewhere.json"
    version_path(office.folder, 1).rename(elsewhere)
    version_path(office.folder, 1).symlink_to(elsewhere)
    refused(office, "link")


def test_a_folder_that_is_a_link_is_altered(office: signing.Office, tmp_path: Path) -> None:
    (office.folder / "signers").rename(tmp_path / "moved")
    (office.folder / "signers").symlink_to(tmp_path / "moved")
    refused(office, "link")


def _twice(office: signing.Office) -> dict[str, Any]:
    return {"signers": (*office.entries(), signing.entry("gus", "safeguarding", key="ada"))}


def _weak() -> dict[str, Any]:
    weak = "01" + "00" * 31
    return {"signers": (signing.entry("ada", "safeguarding", public=weak) .model_copy(update={"key": key_id(weak)}),)}  # fmt: skip


def _root(*keys: RootKey, quorum: int = 1) -> dict[str, Any]:
    return {"root": Root(quorum=quorum, keys=keys)}


A, B = signing.root("root-a", "root-b").keys
FORMS: dict[str, tuple[Any, str]] = {
    "one key under two names": (_twice, "stands twice"),
    "one key twice for one person": (lambda o: {"signers": (*o.entries(), o.entries()[0])}, "stands twice"),
    "a key id that is not the key's": (lambda o: {"signers": (o.entries()[0].model_copy(update={"key": "0" * 64}),)}, "not that of its"),
    "a key of small order": (lambda _: _weak(), "small order"),
    "look-alike persons": (lambda _: {"signers": (signing.entry("bill", "a"), signing.entry("bi1l", "a"))}, "look alike"),
    "a signer who looks like a root": (lambda _: {"signers": (signing.entry("r00t-a", "a"),)}, "look alike"),
    "a dash more or less": (lambda _: {"signers": (signing.entry("ada", "a"), signing.entry("a-da", "a"))}, "look alike"),
    "one person under two organisations": (
        lambda _: {"signers": (signing.entry("ada", "a"), signing.entry("ada", "a", key="ada2", organisation="Other"))}, "organisations",
    ),
    "an end before the beginning": (lambda _: {"signers": (signing.entry("ada", "a", valid_until="2024-01-01T00:00:00Z"),)}, "ends before"),
    "a role twice": (lambda _: {"signers": (signing.entry("ada", "a", "a"),)}, "twice"),
    "an organisation of two lines": (lambda _: {"signers": (signing.entry("ada", "a", organisation="A\nroles: [b]"),)}, "plain line"),
    "an organisation with blanks around": (lambda _: {"signers": (signing.entry("ada", "a", organisation=" A"),)}, "plain line"),
    "a reason of two lines": (
        lambda _: {"signers": (signing.entry("ada", "a", revoked=KeyRevocation(on=LATER, why="a\nb")),)}, "plain line",
    ),
    "a root key twice": (lambda _: _root(A, A), "twice"),
    "two root keys of one person": (lambda _: _root(A, B.model_copy(update={"person": "root-a"})), "two root keys"),
    "a quorum beyond the keys": (lambda _: _root(A, B, quorum=3), "3 root signatures"),
    "a root key that is somebody else's signing key": (lambda _: {"signers": (signing.entry("ada", "a", key="root-a"),)}, "root key"),
    "a rehearsal root key that is a real signing key": (
        lambda _: {"signers": (signing.entry("root-a", "a", key="root-a", rehearsal=False),)}, "root key",
    ),
    "a root key that is revoked as a signing key": (
        lambda _: {"signers": (signing.entry("root-a", "a", key="root-a", revoked=KeyRevocation(on=LATER, why="lost")),)}, "revoked",
    ),
    "a role twice under authority": (
        lambda _: {"authority": signing.AUTHORITY.model_copy(update={"lock": ("a", "a")})}, "authority",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_register_that_must_not_be_is_altered_though_its_root_signed_it(office: signing.Office, name: str) -> None:
    change, word = FORMS[name]
    changed = office.first(**change(office))
    office.write_version(changed)
    (office.folder / "root.txt").write_text(root_fingerprint(changed.root) + "\n")
    refused(office, word)


def test_a_root_key_may_sign_as_the_same_person(office: signing.Office) -> None:
    office.write_version(office.next(signers=(*office.entries(), signing.entry("root-a", "safeguarding"))))
    assert office.register().person("root-a")


CHANGES: dict[str, tuple[Any, str]] = {
    "an entry dropped": (lambda e: e[1:], "dropped"),
    "a role more": (lambda e: (e[0].model_copy(update={"roles": ("a", "b")}), *e[1:]), "needs a new key"),
    "a role less": (lambda e: (e[0].model_copy(update={"roles": ("z",)}), *e[1:]), "needs a new key"),
    "another beginning": (lambda e: (e[0].model_copy(update={"valid_from": "2024-01-01T00:00:00Z"}), *e[1:]), "needs a new key"),
    "rehearsal no more": (lambda e: (e[0].model_copy(update={"rehearsal": False}), *e[1:]), "needs a new key"),
    "another person": (lambda e: (e[0].model_copy(update={"person": "zoe"}), *e[1:]), "needs a new key"),
    "a longer life": (lambda e: (e[0].model_copy(update={"valid_until": "2050-01-01T00:00:00Z"}), *e[1:]), "last longer"),
    "a revocation taken back": (lambda e: (*e[:-1], e[-1].model_copy(update={"revoked": None})), "for ever"),
    "a revocation told otherwise": (
        lambda e: (*e[:-1], e[-1].model_copy(update={"revoked": KeyRevocation(on=LATER, why="nothing")})), "for ever",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_an_entry_once_made_only_ends_earlier_or_is_revoked(tmp_path: Path, name: str) -> None:
    office = signing.Office(tmp_path, write=False)
    revoked = signing.entry("zed", "safeguarding", revoked=KeyRevocation(on=signing.ISSUED, why="lost"))
    office.write_first(signers=(*office.entries(), revoked))
    change, word = CHANGES[name]
    office.write_version(office.next(signers=change(office.register().entries)))
    refused(office, word)


def test_an_entry_may_end_earlier_and_be_revoked(office: signing.Office) -> None:
    first, *rest = office.entries()
    ended = first.model_copy(update={"valid_until": LATER, "revoked": KeyRevocation(on=LATER, why="lost")})
    office.write_version(office.next(signers=(ended, *rest)))
    assert office.register().person("ada") == (ended,)


def test_a_new_root_needs_the_old_quorum_and_its_own(office: signing.Office) -> None:
    fingerprint = office.register().root
    rotated = office.next(root=signing.root("root-b", "root-c"))
    for signers in (("root-a", "root-b"), ("root-b", "root-c"), ("root-c",)):
        office.write_version(rotated, *signers)
        refused(office, "1 of its 2" if len(signers) == 2 else "0 of its 2")
    office.write_version(rotated, "root-a", "root-b", "root-c")
    assert office.register().root == fingerprint
    office.write_version(office.next(), "root-b", "root-c")
    assert [key.person for key in office.register().root_keys] == ["root-b", "root-c"]
    office.write_version(office.next(), "root-a", "root-b")
    refused(office, "not by a root key")


def test_a_root_key_that_changes_its_holder_or_its_kind_is_altered(office: signing.Office) -> None:
    a, b = office.register().root_keys
    for change in ({"person": "root-z"}, {"rehearsal": False}):
        office.write_version(office.next(root=Root(quorum=2, keys=(a.model_copy(update=change), b))))
        refused(office, "changed its holder or its kind")
        version_path(office.folder, 2).unlink()
        (office.folder / "signers.yaml").write_bytes(signers_yaml(office.first()))


def test_a_register_that_ever_had_a_rehearsal_root_stays_a_rehearsal(office: signing.Office) -> None:
    real = signing.root("real-a", "real-b", rehearsal=False)
    office.write_version(office.next(root=real), "root-a", "root-b", "real-a", "real-b")
    register = office.register()
    assert not any(key.rehearsal for key in register.root_keys)
    assert register.rehearsal


def test_one_rehearsal_key_in_the_root_makes_all_of_it_a_rehearsal(tmp_path: Path) -> None:
    office = signing.Office(tmp_path, rehearsal=False)
    assert not office.register().rehearsal
    keys = (A.model_copy(update={"rehearsal": True}), B.model_copy(update={"rehearsal": False}))
    other = signing.Office(tmp_path / "other", write=False)
    other.write_first(root=Root(quorum=2, keys=keys))
    assert other.register().rehearsal


def test_a_version_under_a_root_key_of_small_order_is_altered(office: signing.Office) -> None:
    weak = "01" + "00" * 31
    root = Root(quorum=1, keys=(RootKey(key=key_id(weak), public=weak, person="root-a", rehearsal=True),))
    first: SignersPredicate = office.first(root=root)
    signer = CryptoSigner(signing.private_key("x"))
    signer.public_key.keyval["public"] = weak
    version_path(office.folder, 1).write_bytes(sign(statement(SIGNERS, subject_of(first), first), [signer]))
    refused(office, "small order")


def test_reading_a_register_of_a_hundred_versions_takes_well_under_a_second(office: signing.Office) -> None:
    import time

    predicate, digest = office.first(), office.register().digest
    for number in range(2, 101):
        predicate = predicate.model_copy(update={"version": number, "previous": digest})
        digest = read_statement(office.write_version(predicate).read_bytes(), "x").digest
    start = time.process_time()
    assert office.register().version == 100
    assert time.process_time() - start < 1.5
