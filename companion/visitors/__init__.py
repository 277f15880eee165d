"""What visitors read: pages made from the public catalogue, answered alike by Flask and the service worker."""
