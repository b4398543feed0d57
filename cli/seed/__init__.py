"""`relaydesk seed`: believable tickets, for trying things out."""
