"""Names as they are typed."""


def clean_name(typed: str) -> str:
    """Without the blanks that 陈　伯 is spread out with; 阿依古丽 A. keeps hers."""
    words = typed.split()
    return ("" if not any(word.isascii() for word in words) else " ").join(words)
