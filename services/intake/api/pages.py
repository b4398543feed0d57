"""A page of a list, with the way to the next one."""

from urllib.parse import urlencode

from flask import Response, request

from services.intake.queries import Page
from shared.http.application import answer


def page_answer(page: Page) -> Response:
    if page["next"] is None:
        return answer(page)
    following = urlencode({**request.args.to_dict(), "cursor": page["next"]})
    return answer(page, Link=f'<{request.path}?{following}>; rel="next"')
