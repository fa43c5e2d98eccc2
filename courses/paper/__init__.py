"""What whatever is printed needs: PDFs, and the way from paper back to a page."""

from courses.paper.links import address_of, qr_code
from courses.paper.pdf import RETRY_SECONDS, PaperNotReady, kept_pdf, lay_out

__all__ = ["RETRY_SECONDS", "PaperNotReady", "address_of", "kept_pdf", "lay_out", "qr_code"]
