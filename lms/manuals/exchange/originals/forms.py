"""What bringing a manual in a file asks."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.models import Organisation, Product

ACCEPTED = ".pdf,.docx,.pptx,.html,.htm,.zip,image/jpeg,image/png,image/webp,image/heic,.heic,.heif"


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several, always as a list."""

    widget = ManyFilesInput(attrs={"accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class OriginalForm(PlainForm):
    document = ManyFilesField(
        label=_("说明书文件"),
        help_text=_(
            "PDF、Word（.docx）、PowerPoint（.pptx）、网页（.html，或网页和图片的压缩包）。"
            "只有纸的，就拍成照片，可以一次选好几张。"
        ),
        error_messages={
            "required": _("请选一个文件。"),
            "empty": _("文件是空的。请再选一次。"),
        },
    )
    product = forms.ModelChoiceField(
        label=_("是哪个产品的"),
        queryset=Product.objects.none(),
        required=False,
        empty_label=_("还没有加这个产品，先读文件"),
    )
    sure = forms.BooleanField(label=_("是的，再写一份新的"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Product.objects.of(organisation)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        product = cleaned.get("product")
        if product and not cleaned.get("sure") and product.manuals.exists():
            self.add_error(
                "sure",
                gettext(
                    "这个产品已经有说明书。那一份不会动；要再写一份新的，请打钩，再选一次文件。"
                ),
            )
        return cleaned

    @property
    def asks_whether_sure(self) -> bool:
        return "sure" in self.errors or bool(self.data.get("sure"))
