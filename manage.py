#!/usr/bin/env python
"""Runs the commands of the site; see `docs/commands.md`."""

import sys

from cms_site import environment

if __name__ == "__main__":
    environment.run_command(sys.argv)
