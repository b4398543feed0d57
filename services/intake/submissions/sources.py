"""In whose name a broker account may speak. The broker vouches for `user_id`: it refuses a message that claims another
account than the connection's own."""

from collections.abc import Mapping
from dataclasses import replace

from services.intake.submissions.envelope import Submission
from shared.refusals import Invalid, Reason

ANY = "*"


class ForgedSource(Invalid):
    title = "This account may not speak for that source"


def may_speak_for(account: str, source: str, submitters: Mapping[str, str]) -> bool:
    """`submitters`: by account, the source that it is trusted with beside its own name, or * for any."""
    return source == account or submitters.get(account) in (ANY, source)


def as_its_own(forged: Submission, account: str) -> tuple[Submission, ForgedSource]:
    """The forged submission under its sender's own name, so that its verdict takes nobody else's (source, id)."""
    reason = Reason("source", f"must be {account}, the account that sends it", "Send it under your own name.")
    refusal = ForgedSource(f"The account {account} may not speak for {forged.source}.", (reason,))
    return replace(forged, source=account), refusal
