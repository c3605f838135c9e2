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
