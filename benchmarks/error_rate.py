"""How far what was recognised is from what was said."""


def character_error_rate(said: str, recognised: str) -> float:
    """Return edits per character said; marks, spaces and case do not count."""
    return count_edits(said, recognised) / len(heard_characters(said))


def count_edits(said: str, recognised: str) -> int:
    """Return the Levenshtein distance between the characters that can be heard."""
    return _distance(heard_characters(said), heard_characters(recognised))


def heard_characters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row = row, [i]
        for j, y in enumerate(b, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]
