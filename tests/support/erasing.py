"""A terminal that erases in the ground that is set, as terminfo's `bce` says: pyte leaves some cells out."""

from __future__ import annotations

import pyte


class ErasingScreen(pyte.Screen):
    """Gives the ground to cells that nothing was written on, too."""

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        super().erase_in_display(how, *args, **kwargs)
        if how == 0:
            for row in range(self.cursor.y, self.lines):
                for column in range(self.cursor.x if row == self.cursor.y else 0, self.columns):
                    self.buffer[row][column] = self.cursor.attrs


class LinuxScreen(ErasingScreen):
    """Bright is bold, as the kernel's console has it (drivers/tty/vt/vt.c, csi_m): 97 sets both."""

    def select_graphic_rendition(self, *attrs: int, **kwargs: object) -> None:
        codes = [(1, one - 60) if 90 <= one <= 97 else (one,) for one in attrs]
        super().select_graphic_rendition(*(one for each in codes for one in each), **kwargs)
