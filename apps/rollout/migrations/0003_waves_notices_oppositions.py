import apps.common.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Steps of people and of waves are written once (ROL-20).
_APPEND_ONLY = """
    CREATE FUNCTION rollout_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'steps of the roll-out are append-only' USING ERRCODE = 'insufficient_privilege';
    END;
    $$;
    CREATE TRIGGER rollout_persontransition_append_only BEFORE UPDATE OR DELETE ON rollout_persontransition
        FOR EACH ROW EXECUTE FUNCTION rollout_refuse_change();
    CREATE TRIGGER rollout_waveevent_append_only BEFORE UPDATE OR DELETE ON rollout_waveevent
        FOR EACH ROW EXECUTE FUNCTION rollout_refuse_change();
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ens_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON rollout_persontransition, rollout_waveevent FROM ens_app;
        END IF;
    END $$;
"""
_AGAIN = """
    DROP TRIGGER rollout_waveevent_append_only ON rollout_waveevent;
    DROP TRIGGER rollout_persontransition_append_only ON rollout_persontransition;
    DROP FUNCTION rollout_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_staff_and_security_events'),
        ('rollout', '0002_resumable_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WaveEvent',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=24)),
                ('actor', models.CharField(max_length=64)),
                ('rule', models.CharField(blank=True, max_length=16)),
                ('facts', models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name='eligibleperson',
            name='had_dmp',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='eligibleperson',
            name='hold',
            field=models.CharField(blank=True, choices=[('no-representative', 'minor without a known representative'), ('returned', 'notice came back, no other address'), ('conflict', 'representatives who contradict each other'), ('claim', 'may be meant by an opposition that waits')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='eligibleperson',
            name='notice_sent_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='eligibleperson',
            name='window_ends_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='eligibleperson',
            name='state',
            field=models.CharField(choices=[('ELIGIBLE', 'eligible'), ('NOTICE_QUEUED', 'notice prepared'), ('NOTICE_SENT', 'notice sent'), ('NOTICE_FAILED', 'notice failed'), ('OPPOSED', 'opposed'), ('OPPOSED_DMP_KEPT', 'opposed, older DMP kept'), ('OPENING_ASKED', 'opening asked for'), ('OPEN', 'open'), ('OPEN_ACTIVE', 'open and activated'), ('OPEN_FAILED', 'opening failed'), ('NOT_OPENED_DEATH', 'not opened: deceased'), ('NOT_ELIGIBLE', 'no longer eligible')], default='ELIGIBLE', max_length=24),
        ),
        migrations.CreateModel(
            name='LetterBatch',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('state', models.CharField(choices=[('making', 'being made'), ('ready', 'ready for the printer'), ('handed', 'handed over to the post'), ('cancelled', 'cancelled')], default='making', max_length=12)),
                ('letters', models.PositiveIntegerField(default=0)),
                ('made', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(blank=True, null=True)),
                ('handed_at', models.DateTimeField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('handed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LetterFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=80)),
                ('letters', models.PositiveIntegerField(default=0)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(max_length=64)),
                ('vault_id', models.UUIDField()),
                ('file_id', models.UUIDField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='rollout.letterbatch')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeCode',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('mac', models.BinaryField(max_length=32, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('locked_until', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='rollout.eligibleperson')),
            ],
        ),
        migrations.CreateModel(
            name='Opposition',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=24, unique=True)),
                ('check_mac', models.BinaryField(max_length=32)),
                ('channel', models.CharField(choices=[('online', 'online with the code'), ('account', 'online, signed in'), ('phone', 'by phone'), ('post', 'by post'), ('counter', 'at a counter')], max_length=8)),
                ('capacity', models.CharField(choices=[('self', 'the person'), ('parent', 'parent of a minor'), ('protector', 'person in charge of a protection measure')], max_length=12)),
                ('received_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('scan_vault_id', models.UUIDField(blank=True, null=True)),
                ('scan_file_id', models.UUIDField(blank=True, null=True)),
                ('closed_space', models.BooleanField(default=False)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_channel', models.CharField(blank=True, choices=[('online', 'online with the code'), ('account', 'online, signed in'), ('phone', 'by phone'), ('post', 'by post'), ('counter', 'at a counter')], max_length=8)),
                ('withdrawn_capacity', models.CharField(blank=True, choices=[('self', 'the person'), ('parent', 'parent of a minor'), ('protector', 'person in charge of a protection measure')], max_length=12)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.insidentity')),
                ('code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rollout.noticecode')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='oppositions', to='rollout.eligibleperson')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.insidentity')),
                ('withdrawn_entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('opened_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('opposed', 'the opposition stands'), ('opening', 'the space may open')], max_length=8)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('against', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.insidentity')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='rollout.eligibleperson')),
                ('opposition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='rollout.opposition')),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'to be found'), ('found', 'found'), ('given-up', 'not found, told so')], default='waiting', max_length=12)),
                ('channel', models.CharField(choices=[('online', 'online with the code'), ('account', 'online, signed in'), ('phone', 'by phone'), ('post', 'by post'), ('counter', 'at a counter')], max_length=8)),
                ('capacity', models.CharField(choices=[('self', 'the person'), ('parent', 'parent of a minor'), ('protector', 'person in charge of a protection measure')], max_length=12)),
                ('family_name', models.CharField(max_length=100)),
                ('given_name', models.CharField(max_length=100)),
                ('birth_date', models.CharField(max_length=10)),
                ('post_code', models.CharField(blank=True, max_length=10)),
                ('contact', models.CharField(blank=True, max_length=300)),
                ('received_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('scan_vault_id', models.UUIDField(blank=True, null=True)),
                ('scan_file_id', models.UUIDField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opposition', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='rollout.opposition')),
            ],
        ),
        migrations.CreateModel(
            name='PersonTransition',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('wave_id', models.UUIDField(null=True)),
                ('from_state', models.CharField(max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=64)),
                ('channel', models.CharField(blank=True, max_length=8)),
                ('rule', models.CharField(max_length=16)),
                ('reason', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', 'id'], name='rollout_transition_person')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('name', models.CharField(max_length=80)),
                ('stage', models.CharField(choices=[('pilot', 'pilot'), ('general', 'generalisation')], default='pilot', max_length=8)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('notifying', 'notices under way'), ('window', 'six weeks running'), ('opening', 'opening'), ('closed', 'finished'), ('cancelled', 'cancelled')], default='draft', max_length=12)),
                ('departments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None)),
                ('schemes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list, size=None)),
                ('situations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ('born_from', models.DateField(blank=True, null=True)),
                ('born_until', models.DateField(blank=True, null=True)),
                ('at_most', models.PositiveIntegerField(blank=True, null=True)),
                ('is_continuous', models.BooleanField(default=False)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('dmp', 'documents'), ('mss', 'secure mailbox'), ('store', 'catalogue of services'), ('agenda', 'agenda'), ('profile', 'health profile')], max_length=8), default=list, size=None)),
                ('channels', models.CharField(choices=[('as-wished', 'e-mail where there is an address, post otherwise'), ('post', 'post for everybody')], default='as-wished', max_length=12)),
                ('first_send_on', models.DateField()),
                ('mails_a_day', models.PositiveIntegerField()),
                ('letters_a_day', models.PositiveIntegerField()),
                ('people', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('opening_asked_at', models.DateTimeField(blank=True, null=True)),
                ('opening_approved_at', models.DateTimeField(blank=True, null=True)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opening_approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opening_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StopOrder',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500)),
                ('ordered_at', models.DateTimeField()),
                ('restart_reason', models.CharField(blank=True, max_length=500)),
                ('restart_asked_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('restart_asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wave', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='rollout.wave')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=apps.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('first', 'first notice'), ('again', 'notice by post after an e-mail that failed'), ('resent', 'new code on demand'), ('majority', 'notice at 18'), ('confirm', 'confirmation of an opposition that keeps a DMP'), ('failed-opening', 'opening that failed'), ('conflict', 'two requests that contradict each other'), ('receipt', 'receipt'), ('other-parent', 'choice of the other representative')], max_length=16)),
                ('key', models.CharField(max_length=100)),
                ('channel', models.CharField(choices=[('mail', 'e-mail'), ('post', 'post')], max_length=8)),
                ('state', models.CharField(choices=[('prepared', 'prepared'), ('sending', 'being sent'), ('sent', 'sent'), ('uncertain', 'uncertain'), ('returned', 'returned'), ('failed', 'could not be sent'), ('cancelled', 'cancelled')], default='prepared', max_length=12)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('message_id', models.CharField(blank=True, max_length=120)),
                ('prepared_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('window_ends_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='rollout.letterbatch')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='rollout.eligibleperson')),
                ('reader', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.insidentity')),
                ('code', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rollout.noticecode')),
                ('wave', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rollout.wave')),
            ],
        ),
        migrations.AddField(
            model_name='letterbatch',
            name='wave',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='rollout.wave'),
        ),
        migrations.AddField(
            model_name='eligibleperson',
            name='wave',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='rollout.wave'),
        ),
        migrations.AddIndex(
            model_name='eligibleperson',
            index=models.Index(fields=['wave', 'state'], name='rollout_eligibleperson_wave'),
        ),
        migrations.AddIndex(
            model_name='eligibleperson',
            index=models.Index(condition=models.Q(('state', 'NOTICE_SENT')), fields=['window_ends_at'], name='rollout_eligibleperson_window'),
        ),
        migrations.AddConstraint(
            model_name='eligibleperson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'NOTICE_SENT'), _negated=True), models.Q(('notice_sent_at__isnull', False), ('window_ends_at__isnull', False)), _connector='OR'), name='rollout_eligibleperson_sent_has_window'),
        ),
        migrations.AddField(
            model_name='waveevent',
            name='wave',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='rollout.wave'),
        ),
        migrations.AddConstraint(
            model_name='letterfile',
            constraint=models.UniqueConstraint(fields=('batch', 'place'), name='rollout_letterfile_one_a_place'),
        ),
        migrations.AddConstraint(
            model_name='noticecode',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='rollout_noticecode_one_live_a_person'),
        ),
        migrations.AddIndex(
            model_name='opposition',
            index=models.Index(fields=['-entered_at', '-id'], name='rollout_opposition_latest'),
        ),
        migrations.AddConstraint(
            model_name='opposition',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('person',), name='rollout_opposition_one_standing_a_person'),
        ),
        migrations.AddConstraint(
            model_name='opposition',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('received_at')), _connector='OR'), name='rollout_opposition_withdrawn_after'),
        ),
        migrations.AddConstraint(
            model_name='opposition',
            constraint=models.CheckConstraint(condition=models.Q(('received_at__lte', models.F('entered_at'))), name='rollout_opposition_received_before_entered'),
        ),
        migrations.AddConstraint(
            model_name='opposition',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['online', 'account']), ('entered_by__isnull', False), _connector='XOR'), name='rollout_opposition_helped_has_operator'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('person',), name='rollout_conflict_one_open_a_person'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(('decided_at', None), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='XOR'), name='rollout_conflict_decided_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_on', 'id'], name='rollout_claim_due'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('ended_at__isnull', False), _connector='XOR'), name='rollout_claim_ended'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'found'), ('opposition', None), _connector='XOR'), name='rollout_claim_found_has_opposition'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('approver', None), models.Q(('approver', models.F('author')), _negated=True), _connector='OR'), name='rollout_wave_author_is_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), models.Q(('approved_at__isnull', False), ('approver__isnull', False)), _connector='OR'), name='rollout_wave_runs_when_approved'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('opening_approved_by', None), models.Q(('opening_asked_by__isnull', False), models.Q(('opening_approved_by', models.F('opening_asked_by')), _negated=True)), _connector='OR'), name='rollout_wave_two_people_open'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'closed'), ('closed_at', None), _connector='XOR'), name='rollout_wave_closed_has_hour'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('born_from', None), ('born_until', None), ('born_from__lte', models.F('born_until')), _connector='OR'), name='rollout_wave_births_in_order'),
        ),
        migrations.AddConstraint(
            model_name='wave',
            constraint=models.CheckConstraint(condition=models.Q(('mails_a_day__gt', 0), ('letters_a_day__gt', 0), _connector='OR'), name='rollout_wave_sends_something'),
        ),
        migrations.AddConstraint(
            model_name='stoporder',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_by', None), models.Q(('restart_asked_by__isnull', False), models.Q(('lifted_by', models.F('restart_asked_by')), _negated=True), models.Q(('restart_reason', ''), _negated=True)), _connector='OR'), name='rollout_stoporder_two_people_restart'),
        ),
        migrations.AddConstraint(
            model_name='stoporder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', None), ('lifted_at', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='rollout_stoporder_lifted_has_hour'),
        ),
        migrations.AddConstraint(
            model_name='stoporder',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('wave',), name='rollout_stoporder_one_a_wave', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state__in', ['prepared', 'uncertain'])), fields=['channel', 'due_at', 'id'], name='rollout_notice_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state', 'sending')), fields=['leased_until', 'id'], name='rollout_notice_leased'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['wave', 'state', 'channel'], name='rollout_notice_of_wave'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('person', 'key', 'reader'), name='rollout_notice_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('message_id', ''), _negated=True), fields=('message_id',), name='rollout_notice_one_a_message_id'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='rollout_notice_sent_has_hour'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'sending'), ('leased_until', None), _connector='XOR'), name='rollout_notice_sending_is_leased'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), ('state__in', ['prepared', 'sending', 'sent', 'uncertain']), _negated=True), models.Q(('message_id', ''), _negated=True), _connector='OR'), name='rollout_notice_mail_has_id'),
        ),
        migrations.AddConstraint(
            model_name='letterbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'handed'), ('handed_at', None), _connector='XOR'), name='rollout_letterbatch_handed_has_hour'),
        ),
        migrations.AddIndex(
            model_name='waveevent',
            index=models.Index(fields=['wave', '-at', '-id'], name='rollout_waveevent_timeline'),
        ),
        migrations.RunSQL(_APPEND_ONLY, _AGAIN),
    ]
