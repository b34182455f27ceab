"""What a WSGI server serves. The serving process owns an embedded facts file and runs the jobs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nextplay.settings")
application = get_wsgi_application()

if os.environ.get("NEXTPLAY_SERVE"):
    from nextplay.operations.background.worker import start_worker

    start_worker()
