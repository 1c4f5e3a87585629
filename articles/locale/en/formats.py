"""How times read in English: without the full stop of “a.m.”, which would double the one of a sentence."""

DATETIME_FORMAT = "N j, Y, H:i"
SHORT_DATETIME_FORMAT = "m/d/Y H:i"
TIME_FORMAT = "H:i"
