import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('classes', '0001_initial'),
        ('media', '0001_initial'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=20, verbose_name='标题')),
                ('state', models.CharField(choices=[('waiting', '等第二个人看'), ('returned', '退回修改'), ('public', '已经发布'), ('withdrawn', '已经撤下')], default='waiting', max_length=9, verbose_name='情况')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('office', '冒充公检法、客服、熟人'), ('money', '投资、返利、中奖'), ('health', '保健品、免费讲座'), ('link', '不明链接、扫码、下载软件'), ('other', '别的')], max_length=6, verbose_name='哪一种')),
                ('says', models.CharField(max_length=100, verbose_name='骗子怎么说')),
                ('todo', models.CharField(max_length=100, verbose_name='您怎么办')),
                ('calls', models.CharField(default='96110', max_length=30, verbose_name='打哪个电话')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('narration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media.narration')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='给哪里看')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '防骗提醒',
                'verbose_name_plural': '防骗提醒',
                'ordering': ['-starts_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'public')), fields=['ends_at'], name='alerts_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'returned', 'public', 'withdrawn'])), name='an_alerts_state_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['office', 'money', 'health', 'link', 'other'])), name='an_alerts_kind_is_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='an_alert_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'public'), _negated=True), models.Q(models.Q(('confirmed_by', models.F('written_by')), _negated=True), ('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='a_public_alert_was_seen_by_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='DrillIdea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('office', '冒充公检法、客服、熟人'), ('money', '投资、返利、中奖'), ('health', '保健品、免费讲座'), ('link', '不明链接、扫码、下载软件'), ('other', '别的')], max_length=6, verbose_name='哪一种')),
                ('way', models.CharField(choices=[('call', '打电话来'), ('sms', '发短信'), ('wechat', '微信里'), ('door', '上门，或者路上'), ('other', '别的')], max_length=6, verbose_name='怎么来的')),
                ('words', models.CharField(max_length=200, verbose_name='骗子怎么说、怎么做')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='时间')),
                ('used', models.BooleanField(default=False, verbose_name='已经做成练习')),
                ('noted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁留的')),
            ],
            options={
                'verbose_name': '可以做成练习的',
                'verbose_name_plural': '可以做成练习的',
                'ordering': ['used', '-noted_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['office', 'money', 'health', 'link', 'other']), ('way__in', ['call', 'sms', 'wechat', 'door', 'other'])), name='a_drill_idea_says_what_is_known'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='a_drill_idea_says_something')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=20, verbose_name='标题')),
                ('state', models.CharField(choices=[('waiting', '等第二个人看'), ('returned', '退回修改'), ('public', '已经发布'), ('withdrawn', '已经撤下')], default='waiting', max_length=9, verbose_name='情况')),
                ('starts_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('weather', '台风、暴雨'), ('fire', '火情'), ('supply', '停水、停电、停气'), ('quake', '地震、塌方'), ('other', '别的突发事件')], max_length=7, verbose_name='哪一种')),
                ('todo', models.CharField(max_length=100, verbose_name='请大家怎么做')),
                ('shelter', models.CharField(max_length=40, verbose_name='到哪里避险')),
                ('telephone', models.CharField(max_length=20, verbose_name='打哪个电话')),
                ('alone_reason', models.CharField(blank=True, max_length=80, verbose_name='为什么来不及')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('narration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media.narration')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='给哪里看')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '紧急通知',
                'verbose_name_plural': '紧急通知',
                'ordering': ['-starts_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'public')), fields=['ends_at'], name='emergencies_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'returned', 'public', 'withdrawn'])), name='an_emergencys_state_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['weather', 'fire', 'supply', 'quake', 'other'])), name='an_emergencys_kind_is_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='an_emergency_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'public'), _negated=True), models.Q(('alone_reason', ''), _negated=True), models.Q(models.Q(('confirmed_by', models.F('written_by')), _negated=True), ('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='a_public_emergency_has_a_second_person_or_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='AlertEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('written', '写好了'), ('changed', '改过了'), ('confirmed', '看过，发布了'), ('alone', '来不及等第二个人，一个人发布了'), ('returned', '退回修改'), ('withdrawn', '撤下了'), ('seen', '上级看过了')], max_length=9, verbose_name='办了什么')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('note', models.CharField(blank=True, max_length=80, verbose_name='说明')),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='alerts.alert')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('emergency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='alerts.emergencynotice')),
            ],
            options={
                'verbose_name': '提醒和通知的记录',
                'verbose_name_plural': '提醒和通知的记录',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['written', 'changed', 'confirmed', 'alone', 'returned', 'withdrawn', 'seen'])), name='an_alert_events_act_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', True), ('emergency__isnull', False)), models.Q(('alert__isnull', False), ('emergency__isnull', True)), _connector='OR'), name='an_alert_event_is_about_one_text'), models.CheckConstraint(condition=models.Q(('act__in', ('alone', 'returned', 'withdrawn')), ('note', ''), _negated=True), name='an_alert_event_says_why')],
            },
        ),
        migrations.CreateModel(
            name='MetFraud',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('office', '冒充公检法、客服、熟人'), ('money', '投资、返利、中奖'), ('health', '保健品、免费讲座'), ('link', '不明链接、扫码、下载软件'), ('other', '别的')], max_length=6, verbose_name='哪一种')),
                ('way', models.CharField(choices=[('call', '打电话来'), ('sms', '发短信'), ('wechat', '微信里'), ('door', '上门，或者路上'), ('other', '别的')], max_length=6, verbose_name='怎么来的')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='说了什么')),
                ('came_by', models.CharField(choices=[('button', '本人按的'), ('helpline', '求助电话里说的')], default='button', max_length=8)),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('state', models.CharField(choices=[('new', '还没有看'), ('alert', '写成了提醒'), ('drill', '留给编辑做练习'), ('aside', '看过了')], default='new', max_length=5, verbose_name='情况')),
                ('handled_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='met', to='alerts.alert')),
                ('became', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='made_of', to='alerts.alert')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='units.unit', verbose_name='哪里')),
            ],
            options={
                'verbose_name': '我遇到了',
                'verbose_name_plural': '我遇到了',
                'ordering': ['-told_at', '-pk'],
                'indexes': [models.Index(fields=['told_at'], name='met_frauds_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('came_by__in', ['button', 'helpline']), ('kind__in', ['office', 'money', 'health', 'link', 'other']), ('state__in', ['new', 'alert', 'drill', 'aside']), ('way__in', ['call', 'sms', 'wechat', 'door', 'other'])), name='a_met_fraud_says_what_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True), ('state', 'new')), models.Q(models.Q(('state', 'new'), _negated=True), ('handled_at__isnull', False), ('handled_by__isnull', False)), _connector='OR'), name='a_met_fraud_that_was_seen_says_by_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='ReadOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='read_outs', to='alerts.alert')),
                ('read_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts_read_out', to='classes.classsession')),
            ],
            options={
                'verbose_name': '读过了',
                'verbose_name_plural': '读过了',
                'constraints': [models.UniqueConstraint(fields=('session', 'alert'), name='an_alert_is_read_out_once_a_session')],
            },
        ),
    ]
