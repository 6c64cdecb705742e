"""Walk every address as everybody, by every method, and hold what comes back against the access table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as portal_settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.template import TemplateDoesNotExist
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views import defaults
from pytest_django import Settings

from civic.accounts.models import Role
from civic.accounts.rules import Rule
from civic.accounts.services import create_account
from civic.tenancy.context import acting_as
from civic.tenancy.models import Municipality
from tests.access.table import TABLE, Arguments, At, Status
from tests.conftest import PASSWORD, TOTP_SECRET, SignIn

ENOUGH_DIGITS_FOR_NO_COLUMN = int("9" * 30)


@dataclass(frozen=True)
class Address:
    """A pattern of the URLconf, by its full name, with the arguments of it and of those that include it."""

    name: str
    pattern: URLPattern
    arguments: frozenset[str]


def walk(resolver: URLResolver, namespace: str = "", outer: frozenset[str] = frozenset()) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        arguments = outer | set(entry.pattern.regex.groupindex) | set(getattr(entry.pattern, "converters", ()))
        if isinstance(entry, URLResolver):
            yield from walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, arguments)
        else:
            yield Address(f"{namespace}{entry.name}", entry, arguments)


ADDRESSES = list(walk(get_resolver(portal_settings.ROOT_URLCONF)))
LISTED = [address for address in ADDRESSES if address.name in TABLE]
TENANT = [address for address in LISTED if "municipality" in address.arguments]
Ask = Callable[["Person", str, str], HttpResponseBase]


def by_app(addresses: Iterable[Address]) -> pytest.MarkDecorator:
    """Parametrize a test over the apps that have some of these addresses: people are made once for all of an app's."""
    groups = defaultdict(list)
    for address in addresses:
        groups[address.name.rpartition(":")[0]].append(address)
    return pytest.mark.parametrize("addresses", groups.values(), ids=[app or "root" for app in groups])


def one_by_one(addresses: list[Address]) -> Iterator[Address]:
    """Each address, with records made for it that are gone before the next."""
    for address in addresses:
        savepoint = transaction.savepoint()
        yield address
        transaction.savepoint_rollback(savepoint)


@dataclass(frozen=True)
class Person:
    """Somebody at a browser: `here` and `elsewhere` are their roles in the address's and in another municipality."""

    label: str
    here: Role | None = None
    elsewhere: Role | None = None
    is_signed_in: bool = True
    is_operator: bool = False


EVERYBODY = [
    Person("anonymous", is_signed_in=False),
    *(Person(f"{role} here", here=role) for role in Role),
    *(Person(f"{role} elsewhere", elsewhere=role) for role in Role),
    Person("operator", is_operator=True),
    Person("member of nothing"),
]


@pytest.fixture
def ask(shimonoseki: Municipality, yamaguchi: Municipality, signed_in: SignIn) -> Ask:
    """Ask for an address as a person, and undo whatever the answer has changed."""

    def browser_of(person: Person) -> Client:
        if person.here:
            return signed_in(shimonoseki, person.here)
        if person.elsewhere:
            return signed_in(yamaguchi, person.elsewhere)
        client = Client()
        if person.is_signed_in:
            address = f"{person.label.replace(' ', '-')}@example.org"
            user = create_account(address, PASSWORD, person.label, is_operator=person.is_operator)
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
            client.force_login(user)
        return client

    browsers = {person: browser_of(person) for person in EVERYBODY}

    def send(person: Person, method: str, url: str) -> HttpResponseBase:
        savepoint = transaction.savepoint()
        try:
            return getattr(browsers[person], method)(url)  # type: ignore[no-any-return]
        finally:
            transaction.savepoint_rollback(savepoint)

    return send


@pytest.fixture(autouse=True)
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals are answered with Django's one line: what counts here is the status."""

    class NoPages:
        @staticmethod
        def get_template(name: str) -> None:
            raise TemplateDoesNotExist(name)

    monkeypatch.setattr(defaults, "loader", NoPages)


@pytest.fixture(autouse=True)
def no_limits(settings: Settings) -> None:
    """So many requests in so short a time are these tests' own."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MFA_RATE_LIMITS = False


def refusal(rule: Rule, person: Person) -> int | None:
    """Return the status with which the rule turns a person away, None where it lets them pass."""
    if not rule.needs_sign_in:
        return None
    if not person.is_signed_in:
        return 302
    if rule.needs_operator:
        return None if person.is_operator else 404
    if not rule.roles:
        return None
    if person.here is None:
        return 404
    return None if person.here in rule.roles else 403


def one_of_each(rule: Rule) -> list[Person]:
    """Return one person for each way in which the rule turns people away, and the first whom it lets pass."""
    return list({refusal(rule, person): person for person in reversed(EVERYBODY)}.values())


def url_of(address: Address, municipality: Municipality, arguments: Arguments) -> str:
    return reverse(
        address.name,
        kwargs=arguments | ({"municipality": municipality.slug} if "municipality" in address.arguments else {}),
    )


def made(address: Address, municipality: Municipality) -> Arguments:
    with acting_as(municipality):
        return TABLE[address.name].make()


def among(expected: Status) -> set[int]:
    return {expected} if isinstance(expected, int) else set(expected)


def expected_statuses(at: At, passes: Status, person: Person) -> set[int]:
    turned_away = refusal(at.rule, person)
    if turned_away is None:
        return among(passes)
    # A view may look at the method before it looks at the person: that tells nobody anything.
    return {turned_away, 405} if passes == 405 else {turned_away}


def test_the_table_lists_the_addresses_that_there_are() -> None:
    assert {address.name for address in ADDRESSES} == set(TABLE)
    assert len(ADDRESSES) == len(TABLE), "a name used twice"


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_every_view_declares_a_rule(address: Address) -> None:
    """Those that are not in the table yet, and those of other packages, as well."""
    rule = getattr(address.pattern.callback, "rule", None)
    assert isinstance(rule, Rule), f"{address.name} has no @allow(...)"
    if address.name in TABLE:
        assert rule == TABLE[address.name].rule


@by_app(LISTED)
def test_who_may(addresses: list[Address], ask: Ask, shimonoseki: Municipality) -> None:
    for address in one_by_one(addresses):
        at = TABLE[address.name]
        url = url_of(address, shimonoseki, made(address, shimonoseki))
        some = one_of_each(at.rule)
        for person in EVERYBODY:
            # The rule does not know the method: to post, one person of each kind asks.
            for method, passes in (("get", at.get), ("post", at.post)) if person in some else (("get", at.get),):
                answer = ask(person, method, url)
                assert answer.status_code in expected_statuses(at, passes, person), f"{person.label}: {method} {url}"
                if not person.is_signed_in and at.rule.needs_sign_in and answer.status_code == 302:
                    assert answer.headers["Location"].startswith("/accounts/login/?next="), f"{method} {url}"


@by_app(LISTED)
def test_no_other_method_opens_more(addresses: list[Address], ask: Ask, shimonoseki: Municipality) -> None:
    for address in one_by_one(addresses):
        at = TABLE[address.name]
        url = url_of(address, shimonoseki, made(address, shimonoseki))
        for person in one_of_each(at.rule):
            for method in ("head", "put", "patch", "delete", "options"):
                turned_away = refusal(at.rule, person)
                passing = {
                    405,
                    *among(at.get if method == "head" else at.post),
                    *([200] if method == "options" else []),
                }
                status = ask(person, method, url).status_code
                assert status in (passing if turned_away is None else {turned_away, 405}), (
                    f"{person.label}: {method} {url}"
                )


@by_app(address for address in TENANT if address.arguments != {"municipality"} and TABLE[address.name].names_record)
def test_another_municipalitys_records_are_not_here(
    addresses: list[Address], ask: Ask, shimonoseki: Municipality, yamaguchi: Municipality
) -> None:
    """A record made in Yamaguchi is asked for at Shimonoseki's address, by those whom Shimonoseki's rule lets pass."""
    for address in one_by_one(addresses):
        url = url_of(address, shimonoseki, made(address, yamaguchi))
        at = TABLE[address.name]
        there = url_of(address, yamaguchi, made(address, yamaguchi))
        for person in EVERYBODY:
            if refusal(at.rule, person) is None:
                for method, passes in (("get", at.get), ("post", at.post)):
                    assert ask(person, method, url).status_code == (405 if passes == 405 else 404), (
                        f"{person.label}: {url}"
                    )
            if at.rule.roles and person.here is not None:
                assert ask(person, "get", there).status_code in (404, 405), f"{person.label}: {there}"


@by_app(
    address
    for address in LISTED
    if any(type(converter).__name__ == "IntConverter" for converter in address.pattern.pattern.converters.values())
)
def test_a_number_too_large_is_not_found(addresses: list[Address], ask: Ask, shimonoseki: Municipality) -> None:
    for address in one_by_one(addresses):
        arguments = made(address, shimonoseki)
        at = TABLE[address.name]
        for name, converter in address.pattern.pattern.converters.items():
            if type(converter).__name__ == "IntConverter":
                url = url_of(address, shimonoseki, arguments | {name: ENOUGH_DIGITS_FOR_NO_COLUMN})
                for person in one_of_each(at.rule):
                    if refusal(at.rule, person) is None:
                        for method in ("get", "post"):
                            assert 300 <= ask(person, method, url).status_code < 500, f"{person.label}: {method} {url}"


@by_app(TENANT)
def test_an_unknown_municipality_is_not_found(addresses: list[Address], ask: Ask, shimonoseki: Municipality) -> None:
    for address in one_by_one(addresses):
        arguments = made(address, shimonoseki)
        url = reverse(address.name, kwargs={**arguments, "municipality": "atlantis"})
        for person in one_of_each(TABLE[address.name].rule):
            assert ask(person, "get", url).status_code == 404
