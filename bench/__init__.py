"""Speed and memory of the product, measured as ratios within one run: ``python -m bench``."""
