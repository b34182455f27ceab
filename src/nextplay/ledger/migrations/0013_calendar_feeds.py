from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0012_promises_past_due'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscription',
            name='feed_made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='feed_used_at',
            field=models.DateTimeField(null=True),
        ),
    ]
