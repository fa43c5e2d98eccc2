"""The parts of a version: warnings, tasks with steps, troubles; and how often they are read."""

from typing import ClassVar, Self, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.practice import Box
from lms.manuals.models.manuals import ManualVersion, VersionPart
from lms.manuals.models.organisations import Organisation
from lms.manuals.models.products import ManualPicture


class ManualWarning(VersionPart):
    """A warning about the whole product, shown before the tasks."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="warnings")
    words = models.CharField(_("小心什么"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("警告")
        verbose_name_plural = _("警告")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "key"], name="a_warning_stands_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.words


class ManualTask(VersionPart):
    """Something that the reader wants to do: 怎么量血压."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(
        _("想做什么"), max_length=60, blank=True, help_text=_("比如：怎么量血压")
    )

    class Meta:
        verbose_name = _("一件事")
        verbose_name_plural = _("几件事")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "key"], name="a_task_stands_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def told_steps(self) -> list["ManualStep"]:
        """Those that say what to do: its film tells just these, and its practice asks for just
        these. Costs no query when the version came by `with_content`."""
        return [step for step in self.steps.all() if step.words.strip()]


class ManualStepQuerySet(models.QuerySet["ManualStep"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(task__version__manual__product__organisation=organisation)


class ManualStep(VersionPart):
    """One action. The four numbers mark a place on its picture; all are None without a mark."""

    task = models.ForeignKey(ManualTask, on_delete=models.CASCADE, related_name="steps")
    words = models.CharField(_("这一步做什么"), max_length=200, blank=True)
    picture = models.ForeignKey(
        ManualPicture, null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    alt = models.CharField(_("图上是什么"), max_length=120, blank=True)
    #: Per cent of the picture's width and height, from its top left corner.
    marker_x = models.PositiveSmallIntegerField(_("离左边"), null=True, blank=True)
    marker_y = models.PositiveSmallIntegerField(_("离上边"), null=True, blank=True)
    marker_w = models.PositiveSmallIntegerField(_("宽"), null=True, blank=True)
    marker_h = models.PositiveSmallIntegerField(_("高"), null=True, blank=True)
    warning = models.CharField(_("小心什么"), max_length=120, blank=True)
    expected = models.CharField(_("应该看到什么"), max_length=120, blank=True)
    #: Page of the manual's original that it was made from, from 1; None: of none.
    original_page = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = ManualStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("步骤")
        verbose_name_plural = _("步骤")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "key"], name="a_step_stands_once_in_a_task"),
            models.CheckConstraint(
                condition=models.Q(
                    marker_x__isnull=True,
                    marker_y__isnull=True,
                    marker_w__isnull=True,
                    marker_h__isnull=True,
                )
                | models.Q(
                    marker_x__isnull=False,
                    marker_y__isnull=False,
                    marker_w__isnull=False,
                    marker_h__isnull=False,
                    marker_w__gte=1,
                    marker_h__gte=1,
                    marker_x__lte=100 - models.F("marker_w"),
                    marker_y__lte=100 - models.F("marker_h"),
                ),
                name="a_marker_lies_within_its_picture",
                violation_error_message=_("框要在图里面：四个数都是百分之几，加起来不超过100。"),
            ),
            models.CheckConstraint(
                condition=models.Q(marker_x__isnull=True) | models.Q(picture__isnull=False),
                name="what_is_marked_is_a_picture",
                violation_error_message=_("先放一张图，再画框。"),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def marker(self) -> Box | None:
        numbers = (self.marker_x, self.marker_y, self.marker_w, self.marker_h)
        if any(number is None for number in numbers):
            return None
        return Box(*(number for number in numbers if number is not None))


class ManualTrouble(VersionPart):
    """A problem that may occur, and its remedy."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="troubles")
    problem = models.CharField(_("出了什么问题"), max_length=60, blank=True)
    remedy = models.CharField(_("怎么办"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("常见问题")
        verbose_name_plural = _("常见问题")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "key"], name="a_trouble_stands_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.problem


Part: TypeAlias = ManualWarning | ManualTask | ManualStep | ManualTrouble


def parts_in_order(version: ManualVersion) -> list[Part]:
    """In the order of reading: warnings, each task followed by its steps, troubles. Costs no query
    when the version came by `with_content`."""
    parts: list[Part] = [*version.warnings.all()]
    for task in version.tasks.all():
        parts += [task, *task.steps.all()]
    return [*parts, *version.troubles.all()]


class ManualTally(models.Model):
    """How often a published version, or one step of it, was opened, understood and not understood.
    Only counts are kept, nothing about who. `step` is None for the manual as a whole."""

    version = models.ForeignKey(ManualVersion, on_delete=models.CASCADE, related_name="tallies")
    step = models.ForeignKey(
        ManualStep, null=True, on_delete=models.CASCADE, related_name="tallies"
    )
    views = models.PositiveIntegerField(default=0)
    understood = models.PositiveIntegerField(default=0)  # 看懂了
    unclear = models.PositiveIntegerField(default=0)  # 没看懂

    class Meta:
        verbose_name = _("看过几次")
        verbose_name_plural = _("看过几次")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(step__isnull=True),
                name="a_version_is_tallied_once",
            ),
            models.UniqueConstraint(
                fields=["step"],
                condition=models.Q(step__isnull=False),
                name="a_step_is_tallied_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.views}"
