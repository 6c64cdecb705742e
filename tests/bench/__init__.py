"""What the portal costs, each figure against a baseline of the same run (`make bench`)."""
