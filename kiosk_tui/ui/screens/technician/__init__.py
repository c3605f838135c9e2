"""What a technician sees: the bench, and what goes over the line. Plain English: it is evidence."""
