"""What we keep: the only package that knows SQL."""
