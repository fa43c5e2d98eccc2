"""One number says which Yinling this is."""

import re

from lms import __version__


def test_the_changelog_begins_with_it(checkout):
    changelog = (checkout / "CHANGELOG.md").read_text()
    assert re.findall(r"(?m)^## \[(\d.*?)\]", changelog)[0] == __version__


def test_it_stands_at_the_foot_of_the_admins_first_page(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert f'<footer class="admin-foot">银龄学堂 {__version__}</footer>' in page
