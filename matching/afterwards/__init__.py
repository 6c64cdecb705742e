"""What came of introductions: hours, thanks, certificates and statistics."""
