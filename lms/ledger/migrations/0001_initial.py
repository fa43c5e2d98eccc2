import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import lms.ledger.models.evidence
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='序号')),
                ('clause', models.CharField(blank=True, max_length=500, verbose_name='政策条款')),
                ('task', models.TextField(max_length=2000, verbose_name='任务')),
                ('target', models.TextField(blank=True, max_length=2000, verbose_name='指标')),
                ('lead', models.CharField(blank=True, max_length=500, verbose_name='牵头单位')),
                ('partners', models.TextField(blank=True, max_length=2000, verbose_name='配合单位')),
                ('person_name', models.CharField(blank=True, max_length=80, verbose_name='责任人')),
                ('due_words', models.CharField(blank=True, max_length=80, verbose_name='完成时限')),
                ('progress', models.TextField(blank=True, max_length=2000, verbose_name='进度')),
                ('evidence_words', models.TextField(blank=True, max_length=2000, verbose_name='佐证')),
                ('problem', models.TextField(blank=True, max_length=2000, verbose_name='问题')),
                ('press_words', models.TextField(blank=True, max_length=2000, verbose_name='督办')),
                ('closed_words', models.CharField(blank=True, max_length=500, verbose_name='办结')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='开始的日子')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='到期日')),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='完成多少（%）')),
                ('figure', models.CharField(blank=True, choices=[('held', '上了几次课'), ('attendances', '到课人次'), ('learners', '学员人数'), ('headcount', '讲座人次'), ('share', '出勤率（%）'), ('science', '科普知识：上了几次课'), ('smart-tech', '智能技术：上了几次课'), ('anti-fraud', '防骗知识：上了几次课'), ('digital-life', '数字化生活：上了几次课')], max_length=12, verbose_name='连到哪个数')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2200)], verbose_name='哪一年的数')),
                ('goal', models.PositiveIntegerField(blank=True, null=True, verbose_name='要达到多少')),
                ('is_closed', models.BooleanField(default=False)),
                ('closed_at', models.DateTimeField(editable=False, null=True)),
                ('cells', models.JSONField(default=dict, editable=False)),
                ('place', models.PositiveIntegerField(default=0, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('taken_away_at', models.DateTimeField(editable=False, null=True)),
                ('closed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures_led', to='units.unit', verbose_name='牵头的单位在本系统里是')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to=settings.AUTH_USER_MODEL, verbose_name='责任人的账号')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='units.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '台账',
                'verbose_name_plural': '台账',
                'indexes': [models.Index(condition=models.Q(('is_closed', False), ('taken_away_at__isnull', True)), fields=['due_on'], name='open_measures_by_due_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('figure__in', ['', 'held', 'attendances', 'learners', 'headcount', 'share', 'science', 'smart-tech', 'anti-fraud', 'digital-life'])), name='a_measures_figure_is_a_known_one'), models.CheckConstraint(condition=models.Q(('percent__isnull', True), ('percent__lte', 100), _connector='OR'), name='a_measure_is_done_to_a_hundred_at_most'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('is_closed', True)), _connector='OR'), name='a_closed_measure_says_by_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('file', '文件'), ('link', '网址'), ('photo', '照片')], max_length=5, verbose_name='形式')),
                ('title', models.CharField(max_length=80, verbose_name='说明')),
                ('file', models.FileField(blank=True, max_length=120, upload_to=lms.ledger.models.evidence.evidence_path)),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='网址')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('taken_back_at', models.DateTimeField(editable=False, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='ledger.measure')),
            ],
            options={
                'verbose_name': '佐证',
                'verbose_name_plural': '佐证',
                'ordering': ['added_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('kind', 'link'), models.Q(('link', ''), _negated=True)), models.Q(('kind__in', ('file', 'photo')), ('link', ''), models.Q(models.Q(('file', ''), _negated=True), ('taken_back_at__isnull', False), _connector='OR')), _connector='OR'), name='evidence_is_a_file_or_an_address'), models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), ('taken_back_by__isnull', True)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='evidence_taken_back_says_by_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='MeasureChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('field', models.CharField(blank=True, max_length=16)),
                ('act', models.CharField(blank=True, choices=[('made', '新添'), ('reopened', '重新打开'), ('taken_away', '撤下'), ('undone', '撤销导入'), ('pressed', '督办'), ('answered', '答复督办'), ('shown', '添佐证'), ('hidden', '撤下佐证')], max_length=10)),
                ('was', models.TextField(blank=True, verbose_name='原来')),
                ('now', models.TextField(blank=True, verbose_name='改成')),
                ('way', models.CharField(choices=[('page', '在页面上'), ('sheet', '用表格导入'), ('undo', '撤销导入'), ('starter', '带入三十四条')], default='page', max_length=7)),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='ledger.measure')),
            ],
            options={
                'verbose_name': '台账改动',
                'verbose_name_plural': '台账改动',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('way__in', ['page', 'sheet', 'undo', 'starter'])), name='a_measure_changes_in_a_known_way'), models.CheckConstraint(condition=models.Q(models.Q(('act', ''), models.Q(('field', ''), _negated=True)), models.Q(('act__in', ['made', 'reopened', 'taken_away', 'undone', 'pressed', 'answered', 'shown', 'hidden']), ('field', '')), _connector='OR'), name='a_change_is_of_a_field_or_of_the_row')],
            },
        ),
        migrations.CreateModel(
            name='Pressing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=500, verbose_name='督办什么')),
                ('pressed_on', models.DateField(default=django.utils.timezone.localdate)),
                ('answer_by', models.DateField(verbose_name='哪天以前答复')),
                ('answer', models.TextField(blank=True, max_length=500, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pressings', to='ledger.measure')),
                ('pressed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '督办',
                'verbose_name_plural': '督办',
                'ordering': ['-pressed_on', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('measure',), name='a_measure_is_pressed_once_at_a_time'), models.CheckConstraint(condition=models.Q(('answer_by__gte', models.F('pressed_on'))), name='an_answer_is_due_after_the_pressing'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='an_answered_pressing_says_what_by_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='LedgerImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('preview', '还没有导入'), ('done', '已导入'), ('undone', '已撤销')], default='preview', max_length=7)),
                ('file_name', models.CharField(max_length=120, verbose_name='文件')),
                ('layout', models.JSONField(default=dict)),
                ('rows', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list)),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('made', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_imports', to='units.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '台账导入',
                'verbose_name_plural': '台账导入',
                'ordering': ['-sent_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['preview', 'done', 'undone'])), name='a_ledger_imports_state_is_a_known_one'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('state', 'preview')), models.Q(models.Q(('state', 'preview'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='a_table_that_was_imported_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'undone'), ('undone_at__isnull', False), ('undone_by__isnull', False)), models.Q(models.Q(('state', 'undone'), _negated=True), ('undone_at__isnull', True), ('undone_by__isnull', True)), _connector='OR'), name='a_table_that_was_undone_says_by_whom_and_when')],
            },
        ),
    ]
