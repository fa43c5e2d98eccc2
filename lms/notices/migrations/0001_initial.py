import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('classes', '0001_initial'),
        ('people', '0002_looks'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('cancelled', '停课'), ('moved', '改时间'), ('tomorrow', '明天上课'), ('review', '审核结果'), ('work', '工作通知'), ('alert', '防骗提醒'), ('emergency', '紧急通知'), ('digest', '每天汇总')], max_length=9, verbose_name='为什么')),
                ('rings', models.CharField(choices=[('digest', '每天汇总一次'), ('by_day', '白天马上发'), ('always', '马上发，夜里也发')], default='digest', max_length=6)),
                ('urgent', models.BooleanField(default=False)),
                ('staff_text', models.CharField(blank=True, max_length=300, verbose_name='给工作人员的话')),
                ('learner_text', models.CharField(blank=True, max_length=300, verbose_name='给学员的话')),
                ('values', models.JSONField(blank=True, default=dict)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('key', models.CharField(blank=True, editable=False, max_length=120)),
                ('revision', models.PositiveIntegerField(editable=False, null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='classes.classsession')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='units.unit')),
            ],
            options={
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(fields=['made_at'], name='notices_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='a_notice_is_made_once'), models.CheckConstraint(condition=models.Q(('reason__in', ['cancelled', 'moved', 'tomorrow', 'review', 'work', 'alert', 'emergency', 'digest']), ('rings__in', ['digest', 'by_day', 'always'])), name='a_notice_has_a_known_reason'), models.CheckConstraint(condition=models.Q(models.Q(('staff_text', ''), _negated=True), models.Q(('learner_text', ''), _negated=True), _connector='OR'), name='a_notice_says_something'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('made_at'))), name='a_notice_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given', models.BooleanField(verbose_name='愿意收短信')),
                ('how', models.CharField(choices=[('in_person', '当面说的'), ('telephone', '电话里说的'), ('signed', '本人签字'), ('reply', '回复短信')], max_length=9, verbose_name='怎么说的')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='people.learner')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '愿不愿意收短信',
                'verbose_name_plural': '愿不愿意收短信',
                'ordering': ['-said_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('how__in', ['in_person', 'telephone', 'signed', 'reply'])), name='a_wish_was_said_in_a_known_way')],
            },
        ),
        migrations.CreateModel(
            name='WorkGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='群名')),
                ('kind', models.CharField(choices=[('wecom', '企业微信群机器人'), ('relay', '公众号或别的系统')], default='wecom', max_length=5, verbose_name='哪一种')),
                ('address', models.CharField(max_length=300, verbose_name='机器人地址')),
                ('secret', models.CharField(blank=True, editable=False, max_length=64)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notice_groups', to='units.unit')),
            ],
            options={
                'verbose_name': '工作群',
                'verbose_name_plural': '工作群',
                'ordering': ['unit', 'name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['wecom', 'relay'])), name='a_group_is_of_a_known_kind'), models.UniqueConstraint(fields=('unit', 'name'), name='a_unit_has_one_group_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('page', '网页'), ('sms', '短信'), ('email', '邮件'), ('group', '工作群'), ('call', '打电话')], max_length=5, verbose_name='怎么通知')),
                ('state', models.CharField(choices=[('waiting', '等着发'), ('sending', '正在发'), ('sent', '发出去了'), ('arrived', '到了'), ('shared', '和家里人同一个号码'), ('failed', '没有发成'), ('unsure', '不知道到了没有'), ('withdrawn', '不用发了')], default='waiting', max_length=9, verbose_name='情况')),
                ('why', models.CharField(blank=True, choices=[('no_number', '没有登记手机号'), ('no_gateway', '这里还不能发短信'), ('not_asked', '还没有问过愿不愿意收短信'), ('said_no', '不愿意收短信'), ('bad_number', '号码收不到短信'), ('failed', '试了几次都没有发成'), ('unsure', '不知道到了没有'), ('ceiling', '这个月的短信费用完了'), ('too_late', '来不及了'), ('changed', '后来又变了')], max_length=10, verbose_name='原因')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='试了几次')),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('unsure_since', models.DateTimeField(editable=False, null=True)),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('cost_fen', models.PositiveIntegerField(default=0, verbose_name='费用')),
                ('sent_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('learner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='people.learner')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shared_with', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shared_by', to='notices.delivery')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='notices.workgroup')),
            ],
            options={
                'verbose_name': '通知到人',
                'verbose_name_plural': '通知到人',
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['due_at'], name='deliveries_that_wait'), models.Index(condition=models.Q(('read_at__isnull', True), ('way', 'page')), fields=['person'], name='unread_on_pages'), models.Index(fields=['sent_at'], name='deliveries_by_time_sent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('learner__isnull', True), ('person__isnull', False)), fields=('notice', 'way', 'person'), name='somebody_is_told_once_by_a_way'), models.UniqueConstraint(condition=models.Q(('learner__isnull', False)), fields=('notice', 'way', 'learner'), name='a_learner_is_told_once_by_a_way'), models.UniqueConstraint(condition=models.Q(('group__isnull', False)), fields=('notice', 'group'), name='a_group_is_told_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'arrived', 'shared', 'failed', 'unsure', 'withdrawn']), ('way__in', ['page', 'sms', 'email', 'group', 'call']), ('why__in', ['', 'no_number', 'no_gateway', 'not_asked', 'said_no', 'bad_number', 'failed', 'unsure', 'ceiling', 'too_late', 'changed'])), name='a_delivery_is_as_we_know_them'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'sending'), ('token__isnull', False)), models.Q(models.Q(('state', 'sending'), _negated=True), ('token__isnull', True)), _connector='OR'), name='a_delivery_in_hand_has_a_holder_and_a_lease')],
            },
        ),
        migrations.CreateModel(
            name='DigestChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(choices=[('email', '邮件'), ('sms', '短信'), ('none', '不用提醒，我自己来看')], default='email', max_length=5, verbose_name='怎么提醒')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest_choice', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '每天的提醒',
                'verbose_name_plural': '每天的提醒',
                'constraints': [models.CheckConstraint(condition=models.Q(('by__in', ['email', 'sms', 'none'])), name='a_digest_comes_by_a_known_way')],
            },
        ),
    ]
