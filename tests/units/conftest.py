import pytest

from tests.units.unit_pages import with_permissions


@pytest.fixture
def registrar(django_user_model):
    user = django_user_model.objects.create_user("zhao", last_name="赵", first_name="登记")
    return with_permissions(user, "access_admin", "change_unit")


@pytest.fixture
def admin(client, registrar, units):
    """The browser of somebody who may change units."""
    client.force_login(registrar)
    return client
