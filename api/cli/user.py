"""`fieldwright user`: who may sign in, as what, where."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.app import LangOption, app, language, stderr, stdout
from api.cli.dataset import DatabaseOption
from api.text import Lang, label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from kernel.envelope import Envelope
    from storage.people.accounts import Account
    from storage.scope import Scope
    from storage.tables.people import Role

user = typer.Typer(name="user", help="Say who may sign in, as what, where.", no_args_is_help=True)
app.add_typer(user)

NameArgument = Annotated[str, typer.Argument(help="Name to sign in with, or id of the account.")]
RoleOption = Annotated[
    str,
    typer.Option("--role", help="dispatcher, storekeeper, manager, engineer, administrator or integration."),
]
EverywhereOption = Annotated[bool, typer.Option("--everywhere", help="Reaches every region.")]
RegionsOption = Annotated[
    list[str] | None, typer.Option("--region", help="Reaches this region; may be repeated.")
]
DepotsOption = Annotated[
    list[str] | None, typer.Option("--depot", help="Only this depot of it; may be repeated.")
]
CustomersOption = Annotated[
    list[str] | None, typer.Option("--customer", help="Only this customer in it; may be repeated.")
]
EngineerOption = Annotated[str, typer.Option("--engineer", help="Only this engineer's own work in it.")]


@user.command()
def add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    database: DatabaseOption,
    role: RoleOption,
    everywhere: EverywhereOption = False,
    region: RegionsOption = None,
    depot: DepotsOption = None,
    customer: CustomersOption = None,
    engineer: EngineerOption = "",
    shown: Annotated[str, typer.Option("--shown", help="Name for people to read.")] = "",
    lang: LangOption = "en",
) -> None:
    """Add an account; its password is asked for, or read from standard input's first line."""
    from api.auth.given import give_account
    from api.auth.sign_in import sign_in_name
    from api.stored import opened
    from storage.tables.people import Role

    spoken = language(lang)
    wanted, scope = _role(role), _scope(everywhere, region, depot, customer, engineer)
    known_as = sign_in_name(name)
    with opened(database, fresh=True) as there:
        hashed = "" if wanted is Role.INTEGRATION else _hashed(known_as, spoken)
        account = give_account(
            there, _envelope(), name=name, shown=shown, role=wanted, scope=scope, password_hash=hashed
        )
    stdout().print(
        label("user.added", spoken, user=account.id, name=account.name, role=account.role.value),
        soft_wrap=True,
    )


@user.command("list")
def list_(database: DatabaseOption, lang: LangOption = "en") -> None:
    """List every account with its role, its scope and whether it is closed."""
    from api.stored import opened
    from storage.people.accounts import account_page

    spoken = language(lang)
    with opened(database) as there, there.reading() as connection:
        after = ""
        while page := account_page(connection, most=200, after=after):
            for one in page:
                typer.echo(_line(one, spoken))
            after = page[-1].id


@user.command()
def disable(name: NameArgument, database: DatabaseOption, lang: LangOption = "en") -> None:
    """Close an account; its sessions and keys end with it."""
    from api.stored import opened
    from storage.people.accounts import account_meant, close_account

    spoken = language(lang)
    with opened(database) as there:
        account = there.run(_envelope(), lambda work: account_meant(work.connection, name))
        there.run(_envelope(), lambda work: close_account(work, account.id))
    typer.echo(label("user.disabled", spoken, name=account.name))


@user.command()
def enable(name: NameArgument, database: DatabaseOption, lang: LangOption = "en") -> None:
    """Let a closed account sign in again; a password is asked for as `add` does."""
    from api.stored import opened
    from storage.people.accounts import account_meant, open_account
    from storage.tables.people import Role

    spoken = language(lang)
    with opened(database) as there:
        with there.reading() as connection:
            account = account_meant(connection, name)
        hashed = "" if account.role is Role.INTEGRATION else _hashed(account.name, spoken)
        there.run(_envelope(), lambda work: open_account(work, account.id, hashed))
    typer.echo(label("user.enabled", spoken, name=account.name))


@user.command()
def password(name: NameArgument, database: DatabaseOption, lang: LangOption = "en") -> None:
    """Give an account another password, asked for as `add` does; its sessions end."""
    from api.stored import opened
    from storage.people.accounts import account_meant, set_password

    spoken = language(lang)
    with opened(database) as there:
        with there.reading() as connection:
            account = account_meant(connection, name)
        hashed = _hashed(account.name, spoken)
        there.run(_envelope(), lambda work: set_password(work, account.id, hashed))
    typer.echo(label("user.password_set", spoken, name=account.name))


@user.command("role")
def role_(
    name: NameArgument,
    database: DatabaseOption,
    role: RoleOption,
    everywhere: EverywhereOption = False,
    region: RegionsOption = None,
    depot: DepotsOption = None,
    customer: CustomersOption = None,
    engineer: EngineerOption = "",
    lang: LangOption = "en",
) -> None:
    """Give an account another role and scope, both said anew; its sessions end."""
    from api.stored import opened
    from storage.people.accounts import account_meant, account_of, set_role

    spoken = language(lang)
    wanted, scope = _role(role), _scope(everywhere, region, depot, customer, engineer)
    with opened(database) as there:
        with there.reading() as connection:
            account = account_meant(connection, name)
        there.run(_envelope(), lambda work: set_role(work, account.id, wanted, scope))
        with there.reading() as connection:
            changed = account_of(connection, account.id)
    typer.echo(_line(changed, spoken))


def _envelope() -> Envelope:
    from api.auth.secret import drawn_id
    from api.stored import envelope
    from kernel.envelope import NO_REGION

    return envelope(NO_REGION, drawn_id("C"))


def _role(text: str) -> Role:
    from storage.people.accounts import PEOPLE
    from storage.tables.people import Role

    if text not in {one.value for one in PEOPLE}:
        raise Refusal(
            "user.unknown_role", role=text[:40], known=", ".join(sorted(one.value for one in PEOPLE))
        )
    return Role(text)


def _scope(
    everywhere: bool,
    regions: list[str] | None,
    depots: list[str] | None,
    customers: list[str] | None,
    engineer: str,
) -> Scope:
    from storage.scope import Scope

    scope = Scope(
        everywhere=everywhere,
        regions=tuple(regions or ()),
        depots=tuple(depots or ()),
        customers=tuple(customers or ()),
        engineer=engineer,
    )
    if not (scope.everywhere or scope.regions):
        raise Refusal("user.reaches_nothing")
    return scope


def _hashed(name: str, lang: Lang) -> str:
    """The hash of a password typed twice, or piped."""
    from api.auth.password import Passwords
    from api.auth.policy import policy_of
    from api.settings import read_settings

    if sys.stdin.isatty():
        typed = getpass.getpass(label("user.ask_password", lang, name=name))
        if getpass.getpass(label("user.ask_again", lang)) != typed:
            raise Refusal("user.typed_differently")
    else:
        stderr().print(label("user.reading_password", lang, name=name))
        typed = sys.stdin.readline().rstrip("\r\n")
    return Passwords(policy_of(read_settings()).hashing).hashed(typed, name=name)


def _line(account: Account, lang: Lang) -> str:
    scope = account.scope
    parts = ["*"] if scope.everywhere else list(scope.regions)
    parts += [
        f"{word}={','.join(ids)}"
        for word, ids in (("depot", scope.depots), ("customer", scope.customers))
        if ids
    ]
    parts += [f"engineer={scope.engineer}"] if scope.engineer else []
    marks = [label("user.is_closed", lang)] if not account.is_open else []
    marks += [label("user.is_demo", lang)] if account.demo else []
    return "  ".join((account.id, account.name, account.role.value, " ".join(parts), *marks))
