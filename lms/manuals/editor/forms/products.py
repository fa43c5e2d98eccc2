"""What the workbench asks about a product."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.editor.forms.fields import PICTURES, CleanCharField
from lms.manuals.models import Product


class ProductForm(PlainForm):
    brand = CleanCharField(label=_("品牌"), help_text=_("照着机身上的铭牌写。"), max_length=40)
    model = CleanCharField(label=_("型号"), help_text=_("也在铭牌上。"), max_length=40)
    name = CleanCharField(
        label=_("这是什么"), help_text=_("老人平常怎么叫它，例如“血压计”。"), max_length=40
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        help_text=_("医疗、取暖和电器，要写提醒，并多审一道安全。"),
        choices=[("", _("请选择")), *Product._meta.get_field("kind").flatchoices],
    )
    catalogue_year = forms.IntegerField(
        label=_("列入推广目录的年份"),
        help_text=_("《智慧健康养老产品及服务推广目录》里有的才填，例如2024。"),
        required=False,
        min_value=2018,
        max_value=2100,
        error_messages={
            "invalid": _("请写四位数的年份。"),
            "min_value": _("请写2018年以后的年份。"),
            "max_value": _("请写四位数的年份。"),
        },
    )
    catalogue_class = CleanCharField(
        label=_("推广目录里的类别"),
        help_text=_("照着目录写，例如“健康管理类智能产品”。没有列入，不填。"),
        required=False,
        max_length=40,
    )
    catalogue_number = CleanCharField(
        label=_("推广目录里的序号"),
        help_text=_("这个产品在目录里那一行的序号。"),
        required=False,
        max_length=20,
    )
    photo = forms.FileField(
        label=_("产品照片"),
        help_text=_("正面，看得清按键。手机拍的就行。"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        error_messages={"empty": _("文件是空的。请再选一次。")},
    )
