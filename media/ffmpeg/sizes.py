"""Sizes of pictures, in pixels. H.264 in 4:2:0 and many filters need even ones."""

from fractions import Fraction


def even(pixels: Fraction) -> int:
    """The even number at or below; 2 for what is smaller."""
    return max(2, int(pixels) // 2 * 2)


def fitted(width: int, height: int, *, into: tuple[int, int]) -> tuple[int, int]:
    """The even size of a picture that is fitted, never enlarged, into another size."""
    share = min(Fraction(1), Fraction(into[0], width), Fraction(into[1], height))
    return even(width * share), even(height * share)
