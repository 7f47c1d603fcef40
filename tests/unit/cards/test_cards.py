"""Model cards: what is read, what is refused and where, and whether the artefact is the one described."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evalharness.cards import actual_digest, card_for, check_artifact, read_card
from evalharness.errors import BadInput

ARTIFACT = b"opaque bytes"
DIGEST = "sha256:" + hashlib.sha256(ARTIFACT).hexdigest()
GOOD = f"""---
license: apache-2.0
language: no
model-index:
  - name: reference
    results: []
evalharness:
  adapter: sklearn
  artifact: good.skops
  sha256: {DIGEST}
  version: "1.0"
  team: [p-001, p-002]
  classes: [0, 1]
  score: probability of the class 1
  inputs: [f1, f2]
---
# Reference model
<script>kept as it is</script>
"""


def written(folder: Path, text: str = GOOD, name: str = "good.md") -> Path:
    path = folder / "model_cards" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (path.parent / "good.skops").write_bytes(ARTIFACT)
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_card(path)
    return [str(p).replace(str(path), "F") for p in caught.value.problems]


def test_a_card_in_order_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path)
    card = read_card(path)
    assert (card.name, card.adapter, card.version, card.score_range) == ("good", "sklearn", "1.0", "unit")
    assert card.classes == ("0", "1")
    assert card.team == ("p-001", "p-002")
    assert card.inputs == ("f1", "f2")
    assert card.artifact == (tmp_path / "model_cards" / "good.skops").resolve()
    assert card.digest == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert card.front_matter is not None
    assert card.front_matter["language"] == "no"
    assert check_artifact(card) == actual_digest(card) == DIGEST


def test_a_card_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert card_for("good", tmp_path) == card_for(str(path), tmp_path) == read_card(path)


def test_an_unknown_name_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(BadInput, match="did you mean 'good'"):
        card_for("goood", tmp_path)


@pytest.mark.parametrize("model", ["", "../good", "no/such", "a" * 300, "x\0y", ":x", "sklearn:", "nowhere.md"])
def test_a_model_that_is_nothing_is_refused(tmp_path: Path, model: str) -> None:
    with pytest.raises(BadInput):
        card_for(model, tmp_path)


def test_an_adapter_and_a_location_give_a_card_without_card(tmp_path: Path) -> None:
    location = tmp_path / "My Answers (v2).csv"
    card = card_for(f"predictions:{location}", tmp_path)
    assert (card.name, card.adapter, card.artifact) == ("my-answers-v2", "predictions", location)
    assert (card.path, card.digest, card.sha256) == (None, None, None)
    with pytest.raises(BadInput, match="not there"):
        check_artifact(card)
    location.write_bytes(ARTIFACT)
    assert check_artifact(card) == DIGEST


@pytest.mark.parametrize("location", ["a" * 5000, "x\0y", "absent.csv", "."])
def test_a_location_that_is_no_file_is_refused(tmp_path: Path, location: str) -> None:
    with pytest.raises(BadInput):
        check_artifact(card_for(f"predictions:{location}", tmp_path))


def test_a_location_without_letters_gives_no_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gives no model name"):
        card_for("predictions:____.csv", tmp_path)


def test_another_artefact_than_the_described_one_is_refused(tmp_path: Path) -> None:
    card = read_card(written(tmp_path))
    card.artifact.write_bytes(b"other bytes")
    with pytest.raises(BadInput, match="not the one that the card describes"):
        check_artifact(card)


def test_an_absent_artefact_is_refused_when_it_is_checked(tmp_path: Path) -> None:
    card = read_card(written(tmp_path))
    card.artifact.unlink()
    with pytest.raises(BadInput, match="artefact is not there"):
        check_artifact(card)


def test_an_artefact_in_a_folder_below_is_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("good.skops", "artifacts/good.skops"))
    assert read_card(path).artifact.parent.name == "artifacts"


BAD = {
    "unknown key": ("adapter: sklearn", "adaptor: sklearn", ["F:8:3: unknown key 'adaptor'", "did you mean 'adapter'?", "'adapter' is"]),
    "missing key": (f"  sha256: {DIGEST}\n", "", ["F:7:1: the key 'sha256' is missing"]),
    "misspelt block": ("\nevalharness:", "\nevalharnes:", ["F:7:1: unknown key 'evalharnes'", "F:2:1: the key 'evalharness' is missing"]),
    "misspelt Hugging Face key": ("license:", "licence:", ["F:2:1: unknown key 'licence'", "did you mean 'license'?"]),
    "wrong type": ("[p-001, p-002]", "p-001", ["F:12:3: 'team' is not what is expected here", "expected: a list"]),
    "version as a fraction": ('"1.0"', "1.0", ["F:11:3: 'version'", "put it in quotes"]),
    "not a digest": (DIGEST, "md5:00", ["F:10:3: 'sha256'", "64 lower-case hexadecimal"]),
    "upper-case digest": (DIGEST, DIGEST.upper(), ["F:10:3: 'sha256'"]),
    "absolute artefact": ("good.skops", "/etc/good.skops", ["F:9:3: the path"]),
    "climbing artefact": ("good.skops", "a/../../good.skops", ["F:9:3: the path"]),
    "Windows artefact": ("good.skops", "C:\\good.skops", ["F:9:3: the path"]),
    "the folder itself": ("good.skops", ".", ["F:9:3: the path"]),
    "adapter as a path": ("adapter: sklearn", "adapter: ../sklearn", ["F:8:3: 'adapter'", "name of an adapter"]),
    "one class": ("[0, 1]", "[1]", ["F:13:3: 'classes'"]),
    "a class twice": ("[0, 1]", "[1, '1']", ["F:13:16: classes names the same thing twice"]),
    "an input twice": ("[f1, f2]", "[f1, f1]", ["F:15:16: inputs names the same thing twice"]),
    "unknown score range": ("  score:", "  score_range: units\n  score:", ["F:14:3: 'score_range'", "did you mean 'unit'?"]),
    "key twice": ("license: apache-2.0", "license: a\nlicense: b", ["F:3:1: the key 'license' stands twice"]),
    "anchor": ("[p-001, p-002]", "&t [p-001]", ["F:12:9: the anchor &t is not allowed"]),
    "control character": ("probability", '"\\u0007" #', ["F:14:10: a control character"]),
    "raw control character": ("probability", "prob\x1bability", ["F:14:14: a control character"]),
    "bidirectional text": ("probability", "prob\u202eability", ["F:14:14: a control character"]),
    "no front matter": ("---\nlicense", "license", ["F:1:1: the file has no front matter"]),
    "front matter without end": ("---\n# Reference", "# Reference", ["F:1:1: the file has no front matter"]),
    "a list": ("license: apache-2.0\n", "- a\n", ["F:2:1: the top level is not a mapping"]),
    "block is text": ("evalharness:\n", "evalharness: x\nother:\n", ["F:7:1: 'evalharness' is not what is expected", "a mapping"]),
    "two at once": ("artifact: good.skops\n  sha256", "artifact: ../x\n  sha265", ["F:9:3: the path", "F:10:3: unknown", "'sha256' is"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", BAD)
def test_a_card_with_a_fault_is_refused_with_the_place(tmp_path: Path, fault: str) -> None:
    old, new, expected = BAD[fault]
    assert GOOD.count(old) == 1
    told = "\n".join(problems_of(written(tmp_path, GOOD.replace(old, new))))
    for part in expected:
        assert part in told, told


def test_a_card_that_is_empty_or_not_utf8_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert problems_of(path) == ["F: the file is empty\n    expected: a YAML mapping"]
    path.write_bytes(b"---\nlicense: \xff\n---\n")
    assert problems_of(path)[0].startswith("F:2:10: the file is not UTF-8")
    path.write_text("---\n---\n")
    assert "the file is empty" in problems_of(path)[0]


def test_a_card_whose_file_name_is_not_a_name_is_refused(tmp_path: Path) -> None:
    assert "not a name" in problems_of(written(tmp_path, name="Good Model.md"))[0]


def test_an_artefact_linked_from_outside_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    outside = tmp_path / "outside.skops"
    outside.write_bytes(ARTIFACT)
    (path.parent / "good.skops").unlink()
    (path.parent / "good.skops").symlink_to(outside)
    assert "F:9:3: the path leads outside its folder" in problems_of(path)[0]


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    path = written(tmp_path)
    (path.parent / "good.skops").rename(path.parent / "real.skops")
    (path.parent / "good.skops").symlink_to("real.skops")
    assert read_card(path).artifact.name == "real.skops"


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("good.skops", "loop.skops"))
    (path.parent / "loop.skops").symlink_to("loop.skops")
    with pytest.raises(BadInput):
        check_artifact(read_card(path))


BANDS = {
    "not rising": ("{low: 0, medium: 0.3, high: 0.1}", ["the bands do not rise", "medium: 0.3, high: 0.1"]),
    "equal": ("{low: 0, high: 0}", ["the bands do not rise"]),
    "not from 0": ("{low: 0.1, high: 0.3}", ["scores below the first band are in none", "low: 0"]),
    "above 1": ("{low: 0, high: 30}", ["the band 'high' begins outside the scores", "score_range: any"]),
    "below 0": ("{low: -1, high: 0.5}", ["the band 'low' begins outside the scores"]),
    "one": ("{low: 0}", ["'bands' is not what is expected", "at least 2"]),
    "a list": ("[0, 0.1]", ["'bands' is not what is expected", "a mapping"]),
    "text": ("{low: 0, high: much}", ["'high' is not what is expected", "a number"]),
    "twice": ("{low: 0, low: 0.5}", ["the key 'low' stands twice"]),
    "not finite": ("{low: 0, high: .inf}", ["NaN and infinity"]),
}


def test_bands_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("  score:", "  bands: {low: 0, medium: 0.1, high: 0.3}\n  score:")
    assert read_card(written(tmp_path, text)).bands == (("low", 0.0), ("medium", 0.1), ("high", 0.3))
    assert read_card(written(tmp_path)).bands == ()


def test_bands_of_scores_of_any_range_may_begin_anywhere(tmp_path: Path) -> None:
    text = GOOD.replace("  score:", "  score_range: any\n  bands: {low: -4.5, high: 30}\n  score:")
    assert read_card(written(tmp_path, text)).bands == (("low", -4.5), ("high", 30.0))


@pytest.mark.parametrize(("bands", "said"), BANDS.values(), ids=BANDS.keys())
def test_bands_that_are_out_of_order_are_refused(tmp_path: Path, bands: str, said: list[str]) -> None:
    problems = "\n".join(problems_of(written(tmp_path, GOOD.replace("  score:", f"  bands: {bands}\n  score:"))))
    assert all(part in problems for part in said), problems


CLAIMS = """  claims:
    - source: Data sheet, table 2
      items: 1200
      relevant: 85
      figures: {precision: 0.91, recall: 0.9}
    - {source: Flyer, decimals: 3, figures: {matthews_corrcoef: -0.1}}
"""


def test_claims_are_read_with_the_decimals_they_show(tmp_path: Path) -> None:
    first, second = read_card(written(tmp_path, GOOD.replace("  inputs:", CLAIMS + "  inputs:"))).claims
    assert (first.items, first.relevant, first.values) == (1200, 85, (("precision", 0.91, 2), ("recall", 0.9, 1)))
    assert (second.items, second.values) == (None, (("matthews_corrcoef", -0.1, 3),))


def test_no_claim_is_rounded_to_a_whole_number(tmp_path: Path) -> None:
    """A recall of 1 that stood for everything from .5 would never be better than what was measured."""
    perfect = CLAIMS.replace("recall: 0.9", "recall: 1.0")
    first, _ = read_card(written(tmp_path, GOOD.replace("  inputs:", perfect + "  inputs:"))).claims
    assert first.values == (("precision", 0.91, 2), ("recall", 1.0, 1))
    none = CLAIMS.replace("decimals: 3", "decimals: 0")
    assert "decimals" in problems_of(written(tmp_path, GOOD.replace("  inputs:", none + "  inputs:")))[0]


def test_every_wrong_claim_is_told_where_it_stands(tmp_path: Path) -> None:
    bad = (
        CLAIMS.replace("relevant: 85", "relevant: 1300")
        .replace("precision: 0.91", "precission: 0.91")
        .replace("recall: 0.9", "recall: -0.9")
    )
    told = problems_of(written(tmp_path, GOOD.replace("  inputs:", bad + "  inputs:")))
    assert len(told) == 3
    assert any("no such figure can be claimed" in text and "did you mean 'precision'?" in text for text in told)
    assert any("out of range" in text for text in told)
    assert any("more relevant items than items" in text for text in told)
    alone = CLAIMS.replace("      items: 1200\n", "")
    assert (
        "relevant items without the number of all items"
        in problems_of(written(tmp_path, GOOD.replace("  inputs:", alone + "  inputs:")))[0]
    )
