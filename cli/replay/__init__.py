"""`relaydesk replay`: events of the past are published again; who has had the effect of one drops it."""
