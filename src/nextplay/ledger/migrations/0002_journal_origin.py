from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='journalline',
            name='address',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='journalline',
            name='origin',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='journalline',
            name='partner_id',
            field=models.CharField(max_length=10000, null=True),
        ),
        # Lines written before they named their partner: told from the decision that they are about.
        migrations.RunSQL(
            "UPDATE ledger_journal SET partner_id = (SELECT d.partner_id FROM ledger_decision d "
            "WHERE d.decision_id = substr(ledger_journal.subject, 10)) WHERE subject LIKE 'decision %'",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name='journalline',
            index=models.Index(fields=['partner_id'], name='journal_partner'),
        ),
        migrations.AddIndex(
            model_name='journalline',
            index=models.Index(fields=['actor'], name='journal_actor'),
        ),
    ]
