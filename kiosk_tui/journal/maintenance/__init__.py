"""What is done to a journal as a whole: back up, prune, restore, give back what is free."""
