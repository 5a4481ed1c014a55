"""What we look for: rules read from YAML, compiled once, matched against items."""
