"""What a demo has in the place of nginx and of a person who sets head office up."""
