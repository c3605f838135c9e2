"""Charts as SVG, drawn here: no script and no style goes to a browser, whose colours come from `office.css`.

A chart has a title and a description for whoever hears a page, and each mark says its figure.
"""
