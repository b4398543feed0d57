from cli.documents.drawn import ROOT, drawn


def test_every_document_says_what_the_code_says() -> None:
    outdated = [str(path.relative_to(ROOT)) for path, text in drawn().items() if path.read_text() != text]
    assert outdated == []
