"""The pieces of a match expression, one file each."""
