"""Commands from outside, by AMQP: each ends as exactly one effect per (source, id), for ever, or as a refusal."""
