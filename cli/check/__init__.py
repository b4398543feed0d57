"""`relaydesk check`: what the fault tests' oracle asks, asked of a live system. It only reads."""
