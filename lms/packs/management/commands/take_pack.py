from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lms.packs.manifest import verify
from lms.packs.refusals import PackError
from lms.packs.taking.services import changes_of, go_back, in_words, look_at, take_pack
from media.management.sentences import SentenceCommand

#: So many names of a kind are told.
TOLD = 8
#: What programs read of a pack: its names tell a person nothing.
UNREAD = ("数据/", "网页/")


class Command(SentenceCommand):
    help = _("收课程盘：先看签名，再看每个文件，都对了才收。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--as-drafts", action="store_true", help=_("不认识的人做的也收，只当草稿")
        )
        parser.add_argument("--look", action="store_true", help=_("只看变了什么，不收"))
        parser.add_argument("--verify", action="store_true", help=_("只看盘是不是完整，不收"))
        parser.add_argument("--go-back", action="store_true", help=_("回到上一版"))

    def handle(self, *, folder: Path | None, as_drafts: bool, **options: Any) -> None:
        try:
            if options["go_back"]:
                taken = go_back(by=None)
                self.stdout.write(_("回到上一版了：%(taken)s。") % {"taken": in_words(taken)})
                return
            if folder is None:
                raise CommandError(_("请写课程盘在哪个文件夹。"))
            if options["verify"]:
                verify(folder, look_at(folder, as_drafts=True).manifest)
                self.stdout.write(_("课程盘是完整的。"))
                return
            self._take(folder, as_drafts=as_drafts, only_look=options["look"])
        except PackError as reason:
            raise CommandError(str(reason)) from reason

    def _take(self, folder: Path, *, as_drafts: bool, only_look: bool) -> None:
        looked = look_at(folder, as_drafts=as_drafts)
        manifest, changes = looked.manifest, changes_of(looked)
        self.stdout.write(
            _("%(city)s做的“%(name)s”，第%(edition)s版。")
            % {"city": manifest.city, "name": manifest.name, "edition": manifest.edition}
        )
        self._tell(_("新的"), changes.new)
        self._tell(_("变了的"), changes.changed)
        self._tell(_("没有了的"), changes.gone)
        if only_look:
            return
        taken = take_pack(folder, by=None, as_drafts=as_drafts)
        self.stdout.write(_("收下了：%(taken)s。") % {"taken": in_words(taken)})

    def _tell(self, what: str, paths: Sequence[str]) -> None:
        if not paths:
            return
        films = [path for path in paths if not path.startswith(UNREAD)]
        names = "、".join(films[:TOLD]) + ("……" if len(paths) > TOLD else "")
        self.stdout.write(
            _("%(what)s：%(count)d个文件（%(names)s）")
            % {"what": what, "count": len(paths), "names": names}
        )
