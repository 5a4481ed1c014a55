"""A sign that somebody speaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """Where the sign of speech stands, and which side of it holds what is said.

    Attributes:
        whole: The rest of the sentence is the speaker's, whatever others are said to say in it.
    """

    first: int
    last: int
    before: bool = False
    after: bool = True
    weight: float = 1.0
    whole: bool = False
