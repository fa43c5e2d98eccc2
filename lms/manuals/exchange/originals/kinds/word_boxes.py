"""Text boxes and grouped pictures of a DOCX, laid open for mammoth.

Word writes each twice: as DrawingML (mc:Choice), and for old programs as VML or as one picture of
it all (mc:Fallback). mammoth reads the latter, in which words may be pixels and pictures missing.
"""

import io
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from lxml import etree

from lms.manuals.exchange.originals.kinds import archives

DOCUMENT: Final = "word/document.xml"
NAMES: Final = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
#: What mammoth reads by itself is a picture right in its frame.
HIDDEN: Final = ".//w:txbxContent | .//pic:pic[not(parent::a:graphicData)]"
#: Boxes within boxes.
DEEPEST: Final = 6


def laid_open(path: Path) -> io.BytesIO | None:
    """Of a file that archives.names_in has looked at: it with what stands in boxes behind the
    paragraph that holds them, from above downwards; None where there are no boxes."""
    data = archives.content_of(path, DOCUMENT) or b""
    if b"txbxContent" not in data and b"pic:pic" not in data:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(data, parser)
    depth = 0
    while depth < DEEPEST and open_boxes(root):
        depth += 1
    if not depth:
        return None
    return rewritten(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def open_boxes(root: Any) -> bool:
    """Opens the outermost boxes; whether there were any."""
    found: dict[Any, list[Any]] = {}
    for drawing in root.iterfind(".//w:drawing", NAMES):
        inside = next(drawing.iterancestors(f"{{{NAMES['w']}}}txbxContent"), None) is not None
        if inside or next(drawing.iterancestors(f"{{{NAMES['mc']}}}Fallback"), None) is not None:
            continue
        if drawing.xpath(HIDDEN, namespaces=NAMES):
            holder = next(drawing.iterancestors(f"{{{NAMES['w']}}}p"), None)
            if holder is not None:
                found.setdefault(holder, []).append(drawing)
    for holder, drawings in found.items():
        at = holder
        for drawing in sorted(drawings, key=height_of):
            for made in opened(drawing):
                at.addnext(made)
                at = made
            drop(drawing)
    return bool(found)


def height_of(drawing: Any) -> int:
    """How far below its paragraph it is drawn, in EMU."""
    told = drawing.findtext(".//wp:positionV/wp:posOffset", "0", NAMES)
    return int(told) if told.lstrip("-").isdigit() else 0


def opened(drawing: Any) -> list[Any]:
    """Its paragraphs and tables, and a paragraph of its own for each of its pictures."""
    made: list[Any] = []
    for part in drawing.xpath(HIDDEN, namespaces=NAMES):
        if next(part.iterancestors(f"{{{NAMES['w']}}}txbxContent"), None) is not None:
            continue  # comes with the box around it
        if part.tag == f"{{{NAMES['w']}}}txbxContent":
            made += [deepcopy(child) for child in part]
        else:
            made.append(paragraph_of(part))
    return made


def paragraph_of(picture: Any) -> Any:
    w, wp, a = (f"{{{NAMES[name]}}}" for name in ("w", "wp", "a"))
    paragraph = etree.Element(f"{w}p", nsmap=NAMES)
    run = etree.SubElement(paragraph, f"{w}r")
    inline = etree.SubElement(etree.SubElement(run, f"{w}drawing"), f"{wp}inline")
    alt = picture.xpath("string(./pic:nvPicPr/pic:cNvPr/@descr)", namespaces=NAMES)
    etree.SubElement(inline, f"{wp}docPr", id="0", name="", descr=alt)
    graphic = etree.SubElement(inline, f"{a}graphic")
    etree.SubElement(graphic, f"{a}graphicData", uri=NAMES["pic"]).append(deepcopy(picture))
    return paragraph


def drop(drawing: Any) -> None:
    """With what stands for it in old programs."""
    choice = next(drawing.iterancestors(f"{{{NAMES['mc']}}}AlternateContent"), None)
    gone = drawing if choice is None else choice
    gone.getparent().remove(gone)


def rewritten(path: Path, document: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            is_it = entry.filename == DOCUMENT
            new.writestr(entry.filename, document if is_it else old.read(entry))
    made.seek(0)
    return made
