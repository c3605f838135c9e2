"""What a terminal sends, told apart: bytes and times in, tokens out. Pure; it knows no screen."""
