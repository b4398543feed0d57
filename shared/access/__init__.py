"""Who knocks, and what he may do: one function per action, asked by every door.

Identities travel as API keys or signed tokens; rights never do: each service looks them up in its own copy of keys,
agents and roles, so that a revocation counts within a second.
"""
