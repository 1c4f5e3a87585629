"""What a character is: scripts, look-alikes, grapheme clusters and names, from the data of Unicode and CLDR.

Other packages import the module that they need, so that a scan loads only the data that its text calls for.
"""
