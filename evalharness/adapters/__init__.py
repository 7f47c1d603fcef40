"""One file a kind of model, found through entry points. Nobody imports a concrete adapter."""

from evalharness.adapters.promises import columns_of
from evalharness.adapters.protocol import Adapter, AdapterNotice, Classifier, LinkAdapter
from evalharness.adapters.registry import adapter_names, load_adapter
from evalharness.adapters.watched import open_classifier, open_links

__all__ = [
    "Adapter",
    "AdapterNotice",
    "Classifier",
    "LinkAdapter",
    "adapter_names",
    "columns_of",
    "load_adapter",
    "open_classifier",
    "open_links",
]
