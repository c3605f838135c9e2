"""What Python compiles at each start though it is always the same, compiled when the program was installed.

Python keeps the code of modules in `__pycache__`, but not that of regular expressions (`patterns`), nor of
the functions that libraries write as text (`generated`). `python -m kiosk_tui.compiled` writes both beside
ours, and a start takes them from there. Each is found by its whole text, and only by a Python that can run
it; any other one, and all of them where the file is missing or damaged, is compiled as ever.
"""
