"""`relaydesk backup` and `restore`: all four databases as they were at one moment, in a folder. See docs/backup.md."""
