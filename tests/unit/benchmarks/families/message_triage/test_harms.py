"""Each dial moves what it should. Harms are put on the women's messages; the men's show what is usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmark_folder import RECIPE, changed
from family_blocks import Made, best_recall_at, made

from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.message_triage.family import MessageTriage

FAMILY = MessageTriage()
SPLITS = {"train": 0.4, "calibration": 0.05, "test": 0.4, "shifted": 0.15}
FALSE_ALARM = 4.0
"""Standard errors: a fair comparison passes it once in 16,000."""


def with_harm(name: str = "", size: float = 0.0, **dials: Any) -> dict[str, Made]:
    of = {} if name in {"drift", "prevalence_shift", "duplicates", "obfuscation"} else {"of": {"sex": "F"}}
    harms = (
        {name: {**of, "size": size, "range": [-0.5, 0.9] if name.endswith("shift") or name == "base_rate" else [0, 0.9]}} if name else {}
    )
    recipe = {**RECIPE["generate"], "splits": SPLITS, "rows": 50_000, "harms": harms, **dials}
    return made(FAMILY, MessageTriageDials.model_validate(recipe))


def women(part: Made) -> Any:
    return np.array(part.texts("sex")) == "F"


def apart(one: Any, other: Any) -> float:
    """Standard errors between two shares."""
    p, q = float(np.mean(one)), float(np.mean(other))
    pooled = (np.sum(one) + np.sum(other)) / (len(one) + len(other))
    return (p - q) / float(np.sqrt(pooled * (1 - pooled) * (1 / len(one) + 1 / len(other))))


def recalls(part: Made, column: str = "posterior") -> tuple[Any, Any]:
    """Whether each relevant message of the women, and of the men, is found at a false-positive rate of 10 %."""
    threshold, _ = best_recall_at(part.chances(column), 0.1)
    found, relevant, her = part.chances(column) >= threshold, part.codes("clean") == 1, women(part)
    return found[relevant & her], found[relevant & ~her]


def test_base_rate_raises_the_share_of_relevant_messages_of_the_group() -> None:
    part = with_harm("base_rate", 0.8)["test"]
    her, clean = women(part), part.codes("clean")
    assert clean[her].mean() / clean[~her].mean() == pytest.approx(1.8, abs=0.25)


def test_separability_makes_the_best_classifier_miss_more_of_the_group() -> None:
    assert apart(*recalls(with_harm("separability", 0.5)["test"])) < -FALSE_ALARM


def test_label_noise_turns_that_share_of_the_group_s_labels() -> None:
    part = with_harm("label_noise", 0.3)["test"]
    her, clean, label = women(part), part.codes("clean"), part.codes("label")
    lost = label[(clean == 1) & her] == 0
    assert lost.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(lost)))
    assert (label[~her] == clean[~her]).all()
    assert label[her].mean() == pytest.approx(clean[her].mean(), abs=0.01)


def test_under_representation_is_of_train_alone() -> None:
    parts = with_harm("under_representation", 0.6)
    assert women(parts["train"]).mean() == pytest.approx(0.5 * 0.4 + 0.5 * 0.6 * 0.5, abs=0.02)
    assert women(parts["test"]).mean() == pytest.approx(0.5, abs=0.02)


def test_missing_and_proxy_change_the_channel_of_the_group() -> None:
    part = with_harm("missing", 0.4)["test"]
    gone = np.array([channel is None for channel in part.texts("channel")])
    assert gone[women(part)].mean() == pytest.approx(0.4, abs=0.03)
    assert not gone[~women(part)].any()
    part = with_harm("proxy", 0.6)["test"]
    first = np.array(part.texts("channel")) == "app"
    assert first[women(part)].mean() == pytest.approx(0.6 + 0.4 * 0.5, abs=0.03)
    assert first[~women(part)].mean() == pytest.approx(0.5, abs=0.03)


def test_raters_overlook_more_of_the_group_and_nothing_else_moves() -> None:
    biased, plain = with_harm("annotator_bias", 0.5)["test"], with_harm()["test"]
    assert biased.texts("tokens") == plain.texts("tokens")
    relevant, her = biased.codes("clean") == 1, women(biased)
    said = np.array(biased.table("annotators")["rater_1"]) == "relevant"
    assert apart(said[relevant & her], said[relevant & ~her]) < -FALSE_ALARM
    assert np.array(plain.table("annotators")["rater_1"])[~relevant].tolist().count("relevant") / (~relevant).sum() == pytest.approx(
        0.02, abs=0.005
    )


def test_drift_and_a_shift_of_prevalence_are_of_shifted_alone() -> None:
    plain = with_harm()
    drifted, shifted = with_harm("drift", 0.9), with_harm("prevalence_shift", 0.9)
    for other in (drifted, shifted):
        assert other["test"].texts("tokens") == plain["test"].texts("tokens")
        assert other["test"].chances("posterior").tolist() == plain["test"].chances("posterior").tolist()
    assert shifted["shifted"].codes("clean").mean() / plain["shifted"].codes("clean").mean() == pytest.approx(1.9, abs=0.15)
    part = drifted["shifted"]
    late = np.array(part.texts("period")) == "4"
    threshold, _ = best_recall_at(part.chances("posterior"), 0.1)
    found, relevant = part.chances("posterior") >= threshold, part.codes("clean") == 1
    early = np.array(part.texts("period")) == "1"
    assert apart(found[relevant & late], found[relevant & early]) < -FALSE_ALARM


def test_duplicates_repeat_the_message_before_in_the_same_conversation() -> None:
    part = with_harm("duplicates", 0.3)["test"]
    texts, owners, labels = (part.texts(name) for name in ("tokens", "conversation_id", "label"))
    inside = [i for i in range(1, len(texts)) if owners[i] == owners[i - 1]]
    repeats = [texts[i] == texts[i - 1] for i in inside]
    assert np.mean(repeats) == pytest.approx(0.3, abs=0.03)
    assert all(labels[i] == labels[i - 1] for i, same in zip(inside, repeats, strict=True) if same)


def test_obfuscation_hides_signal_from_everybody() -> None:
    hidden, plain = with_harm("obfuscation", 0.6), with_harm()
    best = [best_recall_at(parts["test"].chances("posterior"), 0.1)[1] for parts in (hidden, plain)]
    assert best[0] < best[1] - 0.1


def test_copies_change_one_thing_only() -> None:
    parts = with_harm(copies={"share": 0.2, "noise": 0.3, "obfuscation": 0.7})
    assert not parts["train"].table("twins")
    part = parts["test"]
    twins, truth = part.table("twins"), part.table("twin_truth")
    assert twins["item_id"] == truth["item_id"]
    row = {item: place for place, item in enumerate(part.texts("item_id"))}
    texts, channels, chances = part.texts("tokens"), part.texts("channel"), part.chances("posterior")
    moved: dict[str, list[float]] = {}
    copied = zip(twins["kind"], truth["of"], twins["tokens"], twins["channel"], truth["posterior"], strict=True)
    for kind, of, tokens, channel, chance in copied:
        place = row[of]
        moved.setdefault(kind, []).append(chance - chances[place])
        assert len(tokens.split()) == len(texts[place].split())
        if kind in {"proxy", "missing"}:
            assert tokens == texts[place]
            assert channel != channels[place]
        else:
            assert channel == channels[place]
    assert set(moved) == {"marker", "proxy", "noise", "obfuscation", "missing"}
    assert len(moved["noise"]) == pytest.approx(0.2 * 20_000, rel=0.1)
    assert np.abs(moved["missing"]).max() < 1e-6  # without the harm a channel tells nothing
    assert all(abs(np.mean(changes)) < 0.005 for changes in moved.values()), "of the same messages: as many are relevant"
    assert np.std(moved["obfuscation"]) > np.std(moved["noise"]) > 0


@pytest.mark.parametrize(
    ("at", "value", "place"),
    [
        ("generate.prevalence", 0.03, ("prevalence",)),
        ("generate.splits.train", 0.3, ("splits",)),
        ("generate.harms", {"proxy": {"of": {"height": "F"}, "size": 0, "range": [0, 1]}}, ("harms", "proxy", "of", "height")),
        ("generate.harms", {"proxy": {"of": {"sex": "X"}, "size": 0, "range": [0, 1]}}, ("harms", "proxy", "of", "sex")),
        ("generate.harms", {"drift": {"size": 2, "range": [0, 0.9]}}, ("harms", "drift")),
        ("generate.harms", {"drift": {"size": 0, "range": [0.5, 0.1]}}, ("harms", "drift")),
        ("generate.harms", {"base_rate": {"of": {"sex": "F"}, "size": 4, "range": [0, 4]}}, ("harms", "base_rate")),
        ("generate.channels", {"a": 0.5, "b": 0.4}, ("channels",)),
        ("generate.tokens.most", 1, ("tokens", "most")),
        ("generate.signal.usage_of", "height", ("signal", "usage_of")),
        ("generate.signal.strength", 0.96, ("signal", "strength")),
        ("generate.signal.shared_tokens", 90, ("tokens", "vocabulary")),
    ],
)
def test_dials_that_cannot_be_are_named(at: str, value: object, place: tuple[str, ...]) -> None:
    document = changed(RECIPE, at, value)["generate"]
    assert [fault.at for fault in MessageTriageDials.model_validate(document).faults()] == [place]


def test_the_recipe_without_harms_has_no_fault() -> None:
    assert list(MessageTriageDials.model_validate(RECIPE["generate"]).faults()) == []
