"""The office's register of exhibitors: finding among thousands, changing many at once, making one of two."""
