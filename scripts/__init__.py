"""The jobs the council runs, each as `python -m scripts.NAME`."""
