"""Facts about characters: scripts, look-alikes, grapheme clusters and names, from the data of Unicode.

Import the module that you need: a scan then loads only the data that its text requires.
"""
