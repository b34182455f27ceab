from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_partner_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('url', models.TextField()),
                ('kinds', models.JSONField(default=list)),
                ('made_by', models.CharField(max_length=254)),
                ('made_at', models.DateTimeField()),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
            options={
                'db_table': 'ledger_channel',
            },
        ),
        migrations.CreateModel(
            name='ProgramFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40)),
                ('text', models.TextField()),
                ('put_by', models.CharField(max_length=254)),
                ('put_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_program_file',
                'indexes': [models.Index(fields=['version'], name='program_file_version')],
            },
        ),
    ]
