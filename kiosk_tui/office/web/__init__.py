"""Head office's pages, for people in a browser. `pages/__init__.py` says how a page is added."""
