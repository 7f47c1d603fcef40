"""One module for each benchmark: how its reference models are trained. `scripts/train_reference_models.py` calls them."""
