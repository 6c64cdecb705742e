"""Those who want to help: joining, their own page, pausing and leaving."""
