"""Verbs that add, change and remove products."""

import unicodedata
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.manuals.models import ManualPicture, Organisation, Product

WRITTEN_PLAINLY = {"brand", "model", "name", "catalogue_class", "catalogue_number"}


class ProductRefused(Exception):
    """A product that cannot be added, changed or removed; the text says what to do."""


def plainly_written(name: str) -> str:
    """As on the type plate: ＢＰ　１００ → BP 100."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


@transaction.atomic
def add_product(
    *,
    organisation: Organisation,
    brand: str,
    model: str,
    name: str,
    kind: str,
    catalogue_year: int | None = None,
    catalogue_class: str = "",
    catalogue_number: str = "",
    picture: ManualPicture | None = None,
) -> Product:
    """Raises ProductRefused for a brand and model that are registered already (it does not say by
    whom) and for a class or number of the catalogue without its year, and ValidationError for a
    value."""
    if not organisation.is_active:
        raise ProductRefused(_("您的单位现在没有开通，不能加产品。"))
    product = Product(organisation=organisation)
    return _keep(
        product,
        brand=brand,
        model=model,
        name=name,
        kind=kind,
        catalogue_year=catalogue_year,
        catalogue_class=catalogue_class,
        catalogue_number=catalogue_number,
        picture=picture,
    )


@transaction.atomic
def change_product(
    product: Product,
    *,
    brand: str,
    model: str,
    name: str,
    kind: str,
    catalogue_year: int | None = None,
    catalogue_class: str = "",
    catalogue_number: str = "",
    picture: ManualPicture | None = None,
) -> Product:
    """Possible until a manual of the product is handed in: reviewers rely on its kind, elders
    search for its brand and model, and its name and picture are on reviewed pages. Raises as
    add_product does."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    if not product.organisation.is_active:
        raise ProductRefused(_("您的单位现在没有开通，不能改产品。"))
    wanted = _written(
        brand=brand,
        model=model,
        name=name,
        kind=kind,
        catalogue_year=catalogue_year,
        catalogue_class=catalogue_class,
        catalogue_number=catalogue_number,
        picture=picture,
    )
    stands = {field: getattr(product, field) for field in wanted}
    if wanted != stands and was_handed_in(product):
        raise ProductRefused(_("说明书交过以后，产品的资料不能再改。要改，请联系我们。"))
    return _keep(product, **wanted)


@transaction.atomic
def remove_product(product: Product) -> None:
    """Raises ProductRefused while it has a manual."""
    if product.manuals.exists():
        raise ProductRefused(_("这个产品有说明书，不能删除。"))
    product.delete()


def was_handed_in(product: Product) -> bool:
    """Whether a version of a manual of it is or was in review."""
    return product.manuals.filter(versions__submitted_at__isnull=False).exists()


def _written(**fields: Any) -> dict[str, Any]:
    """As it is kept."""
    return {
        field: plainly_written(value) if field in WRITTEN_PLAINLY else value
        for field, value in fields.items()
    }


def _keep(product: Product, **fields: Any) -> Product:
    for name, value in _written(**fields).items():
        setattr(product, name, value)
    if product.catalogue_year is None and (product.catalogue_class or product.catalogue_number):
        raise ProductRefused(_("写了推广目录里的类别或序号，也请写是哪一年的目录。"))
    picture = product.picture
    if picture is not None and picture.organisation_id != product.organisation_id:
        raise ProductRefused(_("没有这张图片，请重新上传。"))
    product.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        raise ProductRefused(_taken()) from error
    return product


def _taken() -> str:
    return _("这个品牌和型号已经登记过了。请再看一看机身上的铭牌；还是不对，请联系我们。")
