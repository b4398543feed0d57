"""`relaydesk status`: is all well, at a glance."""
