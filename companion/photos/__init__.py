"""Photos of exhibitors: strangers' files made into small pictures, kept by their hash."""
