"""What people fill in about helping, what they see of themselves, and what staff look for and settle."""
