"""The demo's pictures."""

from io import BytesIO
from itertools import product

import pytest
from PIL import Image

from articles.demo.drawing import MOTIFS, PALETTES, draw


@pytest.mark.parametrize("name", [f"{motif}-{palette}-1" for motif, palette in product(MOTIFS, PALETTES)])
def test_each_motif_is_drawn_in_each_palette_and_small(name):
    drawn = draw(name)

    assert Image.open(BytesIO(drawn)).size == (960, 540)
    assert len(drawn) < 100_000


def test_equal_names_give_equal_pictures():
    assert draw("hills-day-1") == draw("hills-day-1") != draw("hills-day-2")
