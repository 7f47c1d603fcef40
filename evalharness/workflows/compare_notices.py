"""What must be known before a comparison is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalharness.records.comparison import ComparedModel
from evalharness.workflows.compare_counting import CountedTogether
from evalharness.workflows.compare_elsewhere import judged_elsewhere_told
from evalharness.workflows.inputs import Inputs


def notices(every: Sequence[Inputs], counted: CountedTogether, models: Sequence[ComparedModel]) -> Iterator[str]:
    """A sentence each: practice, another benchmark, what is in no count, what only `evaluate` judges, and what is said of single models."""
    first = every[0]
    if first.benchmark.practice:
        yield f"Practice: {first.benchmark.practice}."
    if first.policy.benchmark != first.benchmark.info.name:
        yield f"The policy is about the benchmark '{first.policy.benchmark}'; this comparison used '{first.benchmark.info.name}'."
    if bad := first.policy.example_of_bad_policy:
        yield f"This policy is an example of a bad policy; meeting it means nothing: {bad}"
    if counted.unlabelled:
        lacking = "whose true band nobody knows" if first.policy.task == "risk" else "without a label"
        yield f"Rows of the split {lacking}, which are in no count: {counted.unlabelled:,}."
    yield from judged_elsewhere_told(first)
    yield from _of_models({model.name: [caution.text for caution in model.cautions] for model in models})
    uncarded = [inputs.card.name for inputs in every if inputs.card.digest is None]
    if uncarded:
        yield f"No card, without which a model can never be approved: {', '.join(uncarded)}."
    yield from _of_models({inputs.card.name: own.remarks for inputs, own in zip(every, counted.models, strict=True)})


def _of_models(texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each text once, behind the names of the models that it is about; of all of them it is said without names."""
    for text in dict.fromkeys(text for own in texts.values() for text in own):
        about = [name for name, own in texts.items() if text in own]
        yield text if len(about) == len(texts) else f"{', '.join(about)}: {text}"
