from pathlib import Path

TEXTS = Path(__file__).parent / "texts"  # one file an article, named after its slug
