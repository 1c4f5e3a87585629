"""The grammar of HTML tags, as CommonMark has it."""

import re

NAME = r"[A-Za-z_:@][\w:.@-]*+"
VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
ATTRIBUTE = re.compile(rf"\s+(?P<name>{NAME})(?:\s*+=\s*+(?P<value>{VALUE}))?+")
TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:\s+{NAME}(?:\s*+=\s*+{VALUE})?+)*+)\s*+/?>")
