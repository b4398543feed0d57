"""The names of what can be done, and the bundles in which they are given: roles to agents, scopes to API keys."""

PUBLIC = "public"  # a route that needs no permission: sign-in, links
SIGNED_IN = "signed in"  # a route about oneself: no permission, but one says who one is

VIEW = frozenset({"ticket.view", "ticket.audit", "topic.view", "desk.view"})
LIMITED = VIEW | {"ticket.create", "ticket.reply", "ticket.note", "ticket.claim"}
EXPANDED = LIMITED | {
    "ticket.hold",
    "ticket.triage",
    "ticket.edit",
    "ticket.release",
    "ticket.transfer",
    "ticket.resolve",
    "ticket.reopen",
    "ticket.close",
    "requester.view",
}
ALL_ACCESS = EXPANDED | {"ticket.assign", "ticket.revoke_links", "requester.edit"}
ADMINISTRATIVE = frozenset(
    {
        "agent.manage",
        "api_key.manage",
        "department.manage",
        "mail.deliver",
        "notification.manage",
        "notification.view",
        "plan.manage",
        "role.manage",
        "topic.manage",
    }
)
REQUESTERS_OWN = frozenset(
    {
        "ticket.view",
        "ticket.create",
        "ticket.reply",
        "ticket.reopen",
        "ticket.rate",
        "ticket.revoke_links",
        "topic.view",
    }
)
ALL = ALL_ACCESS | ADMINISTRATIVE | REQUESTERS_OWN

ADMINISTRATOR = "administrator"
DEFAULT_ROLE = "expanded"

ROLES: dict[str, tuple[str, frozenset[str]]] = {
    ADMINISTRATOR: ("Administrator", ALL),
    "all_access": ("All access", ALL_ACCESS),
    DEFAULT_ROLE: ("Expanded", EXPANDED),
    "limited": ("Limited", LIMITED),
    "view_only": ("View only", VIEW),
}
"""The roles that a new desk has: id → (name, permissions)."""

SCOPES: dict[str, frozenset[str]] = {
    ADMINISTRATOR: ALL,
    "tickets": ALL_ACCESS | REQUESTERS_OWN,
    "tickets:read": VIEW,
    "tickets:create": frozenset({"ticket.create", "topic.view"}),
    "mail": frozenset({"mail.deliver"}),
}
"""What the holder of an API key may do, by the key's scopes together."""
