"""Write examples/breast-cancer/: a workspace of real data (scikit-learn's bundled table), a skops model and its card.

The data is the Wisconsin diagnostic table that ships with scikit-learn: measurements of cell nuclei, no person and no group in it.
Running this twice writes the same files. `make demo` evaluates what is committed; it does not run this script.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import skops.io
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parents[1] / "examples" / "breast-cancer"
TABLE = ROOT / "datasets_synthetic" / "breast-cancer" / "items.csv"
MODEL = ROOT / "model_cards" / "nuclei-logistic.skops"
CARD = MODEL.with_suffix(".md")
SEED = 20261122
TEST_SHARE = 0.4


def main() -> None:
    frame = load_breast_cancer(as_frame=True).frame
    labels = np.where(frame.pop("target") == 0, "malignant", "benign")
    frame.columns = [name.replace(" ", "_") for name in frame.columns]
    test = np.random.default_rng(SEED).permutation(len(frame)) < round(TEST_SHARE * len(frame))
    table = frame.copy()
    table.insert(0, "item_id", [f"sample-{number:04d}" for number in range(1, len(frame) + 1)])
    table.insert(1, "split", np.where(test, "test", "train"))
    table.insert(2, "diagnosis", labels)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(TABLE, index=False, lineterminator="\n")
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000)).fit(frame[~test], labels[~test])
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    skops.io.dump(model, MODEL)
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    card = CARD.read_text(encoding="utf-8")
    CARD.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{digest}", card), encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {len(table)} rows, {int(test.sum())} of them test")
    print(f"{MODEL.relative_to(ROOT)}: sha256:{digest}")


if __name__ == "__main__":
    main()
