"""The WSGI entry: `flask --app app …`, `python -m companion.serve`."""

from companion import create_app

app = create_app()
