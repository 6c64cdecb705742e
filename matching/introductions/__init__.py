"""From a candidate to an introduction that both sides wanted."""
