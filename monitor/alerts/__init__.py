"""What becomes of a verdict: the life of an alert, who gets it, what they read. Pure."""
