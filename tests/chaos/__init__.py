"""The site under everything that fails on a machine, while people write; `python -m tests.chaos --help` says more."""
