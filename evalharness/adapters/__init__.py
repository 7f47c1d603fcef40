"""One file a kind of model, found through entry points. Nobody imports a concrete adapter."""

from evalharness.adapters.protocol import Adapter, AdapterNotice, Classifier
from evalharness.adapters.registry import adapter_names, load_adapter

__all__ = ["Adapter", "AdapterNotice", "Classifier", "adapter_names", "load_adapter"]
