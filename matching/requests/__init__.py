"""What is asked of the guild: entered, checked by staff, open, filled or past."""
