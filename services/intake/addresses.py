"""The mail addresses with which a requester may come, by any door: those to which notify can write."""

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){0,10}[A-Za-z0-9-]{1,63}"
LONGEST = 254
