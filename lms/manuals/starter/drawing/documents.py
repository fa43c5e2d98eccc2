"""The licence and the letter of authorisation of an invented manufacturer."""

from lms.manuals.starter.drawing.pen import GREY, INK, RED, WHITE, box, disc, path, text


def document(title: str) -> str:
    lines = "".join(path(f"M200,{y} L600,{y}", line=GREY, width=14) for y in (230, 290, 350))
    return (
        box(120, 30, 560, 540, WHITE, r=6)
        + text(title, 400, 140, 56)
        + lines
        + disc(520, 460, 70, WHITE, line=RED, width=8)
        + text("样张", 520, 478, 46, RED)
        + text("不是真的", 270, 500, 40, INK)
    )


PICTURES = {"licence": document("营业执照"), "authorisation": document("授权书")}
