"""Writes what is drawn from the code: schemas, the AsyncAPI document, the table of events in docs/lifecycle.md.

`python -m cli.documents` writes it, `--check` fails when it is outdated. Neither lets a contract break.
"""

import sys

from cli.documents.drawn import ROOT, broken_promises, drawn

_REMEDY = """\
A contract that somebody may rely on only gains optional fields (docs/integrate.md, "Versions"): take the change back,
or add a type beside the old one, e.g. ticket.created.v2. What was never published is frozen anew: delete its schema.
"""


def main(arguments: list[str]) -> int:
    if broken := broken_promises():
        sys.stderr.write("\n".join([*broken, _REMEDY]))
        return 1
    outdated = {path: text for path, text in drawn().items() if not path.exists() or path.read_text() != text}
    if arguments == ["--check"]:
        for path in outdated:
            sys.stderr.write(f"{path.relative_to(ROOT)} is outdated: run `python -m cli.documents`\n")
        return int(bool(outdated))
    for path, text in outdated.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
