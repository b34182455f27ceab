"""What a WSGI server serves. The serving process owns an embedded facts file and runs the jobs."""

import os

from django.core.wsgi import get_wsgi_application

from nextplay.values.rings import look_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nextplay.settings")
application = get_wsgi_application()

if os.environ.get("NEXTPLAY_SERVE"):
    look_seldom()
    from nextplay.operations.background.worker import start_worker

    start_worker()
