"""What visitors read: pages made from the public catalogue, answered alike by Flask and the service worker. And the one
form they send without scripts."""

from companion.visitors import views_requests, views_tour

__all__ = ["views_requests", "views_tour"]
