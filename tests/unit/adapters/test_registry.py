from __future__ import annotations

import sys
from pathlib import Path

import pytest
from installed_plugin import install_third_party, installed
from item_benchmark import ItemBenchmark, card_of

from evalharness.adapters import adapter_names, load_adapter
from evalharness.adapters.conformance import check_adapter
from evalharness.adapters.registry import GROUP
from evalharness.errors import BadInput


def test_the_two_adapters_of_the_package_are_found() -> None:
    assert {"sklearn", "predictions"} <= set(adapter_names())
    assert type(load_adapter("predictions")).__name__ == "PredictionsAdapter"
    assert type(load_adapter("sklearn")).__name__ == "SklearnAdapter"


def test_a_third_partys_adapter_is_found_and_keeps_the_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_third_party(tmp_path / "site", monkeypatch)
    artifact = tmp_path / "score.txt"
    artifact.write_text("0.25")
    try:
        assert "constant" in adapter_names()
        check_adapter(load_adapter("constant"), card_of(artifact, adapter="constant"), ItemBenchmark([str(n) for n in range(300)]))
    finally:
        sys.modules.pop("evalharness_constant", None)


def test_an_unknown_name_is_refused_with_the_names_known() -> None:
    with pytest.raises(BadInput) as caught:
        load_adapter("sklaern")
    text = str(caught.value)
    assert "sklaern" in text
    assert "predictions, sklearn" in text


BROKEN = {
    "no_such_module_at_all:Adapter": ["cannot be loaded", "ModuleNotFoundError", "no_such_module_at_all"],
    "evalharness.records:NoSuchThing": ["cannot be loaded", "AttributeError", "NoSuchThing"],
    "evalharness.records:Card": ["cannot be loaded", "TypeError"],
    "evalharness.errors:Problems": ["not an adapter", "Problems", "method open"],
    "evalharness.errors:shown": ["not an adapter", "function"],
}


@pytest.mark.parametrize(("target", "said"), BROKEN.items(), ids=BROKEN.keys())
def test_an_adapter_that_does_not_load_is_an_error_that_names_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, said: list[str]
) -> None:
    installed(tmp_path, monkeypatch, {GROUP: {"broken": target}})
    with pytest.raises(BadInput) as caught:
        load_adapter("broken")
    assert all(part in str(caught.value) for part in ["'broken'", *said]), str(caught.value)


def test_two_packages_offering_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, {GROUP: {"predictions": "elsewhere:Adapter"}})
    with pytest.raises(BadInput, match="several packages") as caught:
        load_adapter("predictions")
    assert "elsewhere:Adapter" in str(caught.value)


def test_one_package_on_the_path_twice_is_no_ambiguity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = {GROUP: {"predictions": "evalharness.adapters.predictions_file:PredictionsAdapter"}}
    installed(tmp_path / "one", monkeypatch, same, "copy-one")
    installed(tmp_path / "two", monkeypatch, same, "copy-two")
    assert type(load_adapter("predictions")).__name__ == "PredictionsAdapter"
