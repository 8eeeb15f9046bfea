"""The web: Django's settings, the addresses, the server; the one place that knows the console and the API."""
