"""A small Wagtail site with one kind of page, to be measured beside ours. Runs in an environment that has Wagtail."""
