"""What commands do to a journal as a whole: back up, restore, prune, vacuum, start a new one.

The money path never imports this.
"""
