"""What goes to the phone so that it can answer by itself: templates, messages, the release they belong to."""
