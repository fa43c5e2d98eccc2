import django.db.models.deletion
import django.utils.timezone
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
            name='TypicalCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=40, verbose_name='题目')),
                ('situation', models.TextField(max_length=600, verbose_name='原来的情况')),
                ('deed', models.TextField(max_length=1200, verbose_name='怎么做的')),
                ('outcome', models.TextField(max_length=600, verbose_name='成效')),
                ('names_people', models.BooleanField(verbose_name='写了人的姓名')),
                ('consent', models.CharField(blank=True, choices=[('signed', '本人签字'), ('spoken', '当面口头同意，有见证人'), ('telephone', '电话里同意')], max_length=9, verbose_name='怎么同意的')),
                ('consented_on', models.DateField(blank=True, null=True, verbose_name='哪天同意的')),
                ('state', models.CharField(choices=[('submitted', '等着看'), ('returned', '退回修改'), ('chosen', '选上了，已公开'), ('withdrawn', '撤下了')], default='submitted', max_length=9)),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('lies_at', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='typical_cases', to='units.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '典型案例',
                'verbose_name_plural': '典型案例',
                'ordering': ['-submitted_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'returned', 'chosen', 'withdrawn'])), name='a_cases_state_is_a_known_one'), models.CheckConstraint(condition=models.Q(models.Q(('consent', ''), ('consented_on__isnull', True), ('names_people', False)), models.Q(('consented_on__isnull', False), ('names_people', True), models.Q(('consent', ''), _negated=True)), _connector='OR'), name='a_case_names_people_only_with_their_consent')],
            },
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('submitted', '报了上来'), ('sent_up', '往上报'), ('returned', '退回修改'), ('chosen', '选上，公开'), ('withdrawn', '撤下')], max_length=9)),
                ('reason', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='evaluation.typicalcase')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('act__in', ('returned', 'withdrawn')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_case_sent_back_or_withdrawn_says_why')],
            },
        ),
        migrations.CreateModel(
            name='FaceTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('question', models.CharField(choices=[('clear', '课听得懂吗？'), ('patient', '老师有耐心吗？'), ('useful', '学了用得上吗？'), ('near', '来上课方便吗？'), ('overall', '总的来说，您满意吗？')], max_length=8)),
                ('face', models.PositiveSmallIntegerField(choices=[(1, '很不好'), (2, '不太好'), (3, '一般'), (4, '好'), (5, '很好')])),
                ('answered_on', models.CharField(choices=[('screen', '电视、手机'), ('paper', '纸上')], max_length=6)),
                ('times', models.PositiveIntegerField(default=0)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'month', 'question', 'face', 'answered_on'), name='a_face_is_counted_in_one_row_a_month'), models.CheckConstraint(condition=models.Q(('face__range', (1, 5))), name='a_face_is_one_of_five')],
            },
        ),
        migrations.CreateModel(
            name='OpenFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年')),
                ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='第几版')),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='为什么再出一版')),
                ('content', models.BinaryField()),
                ('dictionary', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-year', '-edition'],
                'constraints': [models.UniqueConstraint(fields=('year', 'edition'), name='a_years_edition_is_made_once'), models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='another_edition_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PaperAnswers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('sheets', models.PositiveSmallIntegerField(verbose_name='几张')),
                ('counts', models.JSONField()),
                ('keyed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('keyed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_answers', to='units.unit')),
            ],
            options={
                'ordering': ['-keyed_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), ('taken_back_by__isnull', True)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='paper_answers_taken_back_say_by_whom')],
            },
        ),
    ]
