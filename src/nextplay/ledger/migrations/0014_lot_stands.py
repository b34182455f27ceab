from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def those_decided_on(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Months in which somebody has decided already: their lots stand."""
    using = editor.connection.alias
    decided = apps.get_model('ledger', 'Decision').objects.using(using).filter(origin='method')
    months = decided.filter(~models.Q(status='proposed') | models.Q(revision__gt=1)).values('cycle_id')
    apps.get_model('ledger', 'Cycle').objects.using(using).filter(pk__in=months).update(lot_stands=True)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0013_calendar_feeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='cycle',
            name='lot_stands',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(those_decided_on, migrations.RunPython.noop),
    ]
