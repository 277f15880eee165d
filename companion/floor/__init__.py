"""Who stands where: the floor as the office sees it, what is wrong with it, moving exhibitors, booths and places."""
