"""The command `monitor`."""


def main() -> None:
    """Run the command line."""
