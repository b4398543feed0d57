"""What the services say to one another: one module per publisher, which alone may change it.

A name is `<aggregate>.<past participle>`, written out in full wherever it is used, so that a search for
`ticket.assigned` answers who says it and who hears it. A contract grows by optional fields; a breaking change is a new
type beside the old one (`ticket.created.v2`).
"""
