"""`relaydesk parked …`: the messages that a service could not handle, looked at, mended, sent again or given up."""
