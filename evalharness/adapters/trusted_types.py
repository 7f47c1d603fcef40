"""Types that a skops file may name beyond those that skops trusts by itself. Reviewed one by one; nothing else is ever loaded.

A type is safe here when making one from a file calls nothing but its own constructor or `__setstate__`, and its methods run no code that
the file chooses. The file's digest is pinned by the card; this list holds even when the card's author was deceived. Trees keep arrays of
node numbers: a forged array could make them read outside their memory and crash; that is why unpinned files are never approved.
"""

from __future__ import annotations

TRUSTED_TYPES: tuple[str, ...] = (
    # numpy: the layout of one array element, a plain value. In SimpleImputer, KBinsDiscretizer.
    "numpy.dtype",
    # scikit-learn, compiled: node arrays, checked for shape and type on loading. In every tree, forest and boosting of trees.
    "sklearn.tree._tree.Tree",
    # scikit-learn, Python over arrays: one fitted tree of HistGradientBoosting; predicts by reading its node array.
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    # scikit-learn, Python: an estimator with its calibrators, each of which is checked as a type of its own. In CalibratedClassifierCV.
    "sklearn.calibration._CalibratedClassifier",
    # scikit-learn, Python: two numbers a and b of a sigmoid. In CalibratedClassifierCV.
    "sklearn.calibration._SigmoidCalibration",
    # scikit-learn, Python: state of the optimiser after training, arrays and numbers, never used to predict. In MLPClassifier.
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    # scikit-learn, Python: a dictionary whose keys are also attributes; members are checked. In VotingClassifier, StackingClassifier.
    "sklearn.utils._bunch.Bunch",
)
