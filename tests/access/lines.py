"""Words of the matrix of addresses: classes of answers and the usual lines (SEC-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from tests.cast import Who


class Answer(StrEnum):
    """Class of an answer."""

    OK = "ok"
    ELSEWHERE = "redirect inside the portal"
    SIGN_IN = "redirect to the sign-in page"
    NOT_FOUND = "404"
    NOT_ALLOWED = "405"
    FORM_AGAIN = "page of a form that is not right"
    UNAVAILABLE = "503"


EVERYBODY = tuple(Who)
SIGNED_IN = tuple(who for who in Who if who is not Who.VISITOR)
# Alice in her space, Rosa in that of her child, Diane who helps Alice: today, not yesterday (SEC-04).
HOLDER_SIDE = (Who.HOLDER, Who.PARENT, Who.DELEGATE)

Answers = Mapping[Who, Answer]


def all_get(answer: Answer) -> Answers:
    """The same for everybody."""
    return dict.fromkeys(EVERYBODY, answer)


def signed_in_get(answer: Answer) -> Answers:
    """Whoever has signed in; visitors are sent to the sign-in page."""
    return {**dict.fromkeys(SIGNED_IN, answer), Who.VISITOR: Answer.SIGN_IN}


def visitors_get(answer: Answer, *, others: Answer) -> Answers:
    return {**dict.fromkeys(SIGNED_IN, others), Who.VISITOR: answer}


def holder_side_gets(answer: Answer) -> Answers:
    """People with a running right in the space; for all others it does not exist."""
    return {
        **dict.fromkeys(SIGNED_IN, Answer.NOT_FOUND),
        **dict.fromkeys(HOLDER_SIDE, answer),
        Who.VISITOR: Answer.SIGN_IN,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Answers to GET and POST; `arguments` beside `space_id` and `document_id`, which the cast fills in."""

    get: Answers
    post: Answers
    arguments: Mapping[str, object] = field(default_factory=dict)


NO_POST = all_get(Answer.NOT_ALLOWED)
NO_GET = all_get(Answer.NOT_ALLOWED)


def page(get: Answers, *, post: Answers = NO_POST, **arguments: object) -> Line:
    return Line(get=get, post=post, arguments=arguments)


def space_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Rights come before methods: who has none learns nothing about the address."""
    return Line(get=holder_side_gets(get), post=holder_side_gets(post), arguments=arguments)


def decider_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages where somebody decides about the space: to a delegate they do not exist (SPA-55)."""
    return Line(
        get={**holder_side_gets(get), Who.DELEGATE: Answer.NOT_FOUND},
        post={**holder_side_gets(post), Who.DELEGATE: Answer.NOT_FOUND},
        arguments=arguments,
    )


def holder_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages about the people who help the holder: for nobody else they exist (SPA-52)."""
    only = {**holder_side_gets(Answer.NOT_FOUND), Who.HOLDER: get}
    return Line(get=only, post={**only, Who.HOLDER: post}, arguments=arguments)


def representative_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages of the representatives of a child (SPA-41)."""
    only = {**holder_side_gets(Answer.NOT_FOUND), Who.PARENT: get}
    return Line(get=only, post={**only, Who.PARENT: post}, arguments=arguments)


def nobodys_row(**arguments: object) -> Line:
    """Pages of a row that belongs to none of the cast, outside spaces."""
    answers = signed_in_get(Answer.NOT_FOUND)
    return Line(get=answers, post=answers, arguments=arguments)


def staff_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages of the roll-out's console, where Sam is an operator; for everybody else they do not exist (SEC-19)."""
    nobody = signed_in_get(Answer.NOT_FOUND)
    return Line(get={**nobody, Who.STAFF: get}, post={**nobody, Who.STAFF: post}, arguments=arguments)


def publisher_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages of the publisher that Pia works for; for everybody else they do not exist (STO-13)."""
    nobody = signed_in_get(Answer.NOT_FOUND)
    return Line(get={**nobody, Who.PUBLISHER: get}, post={**nobody, Who.PUBLISHER: post}, arguments=arguments)


def reviewer_page(get: Answer, *, post: Answer = Answer.NOT_ALLOWED, **arguments: object) -> Line:
    """Pages of the back office of the store, where Ines holds every role; for others they do not exist (STO-14)."""
    nobody = signed_in_get(Answer.NOT_FOUND)
    return Line(get={**nobody, Who.REVIEWER: get}, post={**nobody, Who.REVIEWER: post}, arguments=arguments)


ELSEWHERES_ID = UUID("0190a6c4-0000-7000-8000-00000000abcd")
