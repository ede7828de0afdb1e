"""The bounceconfig command: its menu, and what each operation does to the staged profiles."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType

from seg_cli.commands.bounceconfig.chain import ask_profile
from seg_cli.config.bounce_profiles import DEFAULT_PROFILE, BounceProfile, parse_profile_name
from seg_cli.config.tree import Config
from seg_cli.dialogue.entries import Line, Number
from seg_cli.dialogue.questions import Operation
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

Profiles = Mapping[str, BounceProfile]


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(profiles_of(session))):
        await OPERATIONS[operation](session)


def profiles_of(session: Session) -> Profiles:
    """The staged profiles as the menu numbers them: Default first, with a value everywhere."""
    profiles = session.staged.config.bounce_profiles
    default = profiles[DEFAULT_PROFILE]
    complete = BounceProfile(DEFAULT_PROFILE, **asdict(default.effective(default)))
    others = {name: profile for name, profile in profiles.items() if name != DEFAULT_PROFILE}
    return {DEFAULT_PROFILE: complete, **others}


def menu_for(profiles: Profiles) -> Operation:
    """The menu below the list of profiles; the Default profile alone cannot be deleted."""
    listed = [f"{number}. {name}" for number, name in enumerate(profiles, 1)]
    operations = (
        ("NEW", "Create a new profile."),
        ("EDIT", "Modify a profile."),
        *((("DELETE", "Remove a profile."),) if len(profiles) > 1 else ()),
    )
    return Operation("operation", operations, state=("Current bounce profiles:", *listed))


async def new(session: Session) -> None:
    profiles = profiles_of(session)
    question = Line(
        "profile",
        "Please create a name for the profile:",
        check=lambda text: parse_profile_name(text, profiles),
    )
    name = await session.console.ask(question)
    await change(session, replace(profiles[DEFAULT_PROFILE], name=name))


async def edit(session: Session) -> None:
    await change(session, await choose(session, "edit"))


async def delete(session: Session) -> None:
    profile = await choose(session, "delete")
    if reason := why_kept(profile.name, session.staged.config):
        session.console.say(reason)
        return
    profiles = profiles_of(session)
    stage(session, {name: profiles[name] for name in profiles if name != profile.name})


def why_kept(name: str, config: Config) -> str:
    """Why a profile cannot be deleted, in a sentence; empty if it can."""
    if name == DEFAULT_PROFILE:
        return f'The profile "{DEFAULT_PROFILE}" cannot be deleted.'
    users = [e.domain for e in config.destinations.entries.values() if e.bounce_profile == name]
    if users:
        return f'The profile "{name}" is in use by the destination control "{users[0]}".'
    return ""


async def choose(session: Session, purpose: str) -> BounceProfile:
    profiles = profiles_of(session)
    question = Number(
        "profile_number",
        f"Please enter the number of the profile to {purpose}:",
        low=1,
        high=len(profiles),
    )
    return list(profiles.values())[await session.console.ask(question) - 1]


async def change(session: Session, profile: BounceProfile) -> None:
    """Ask about everything in the profile, and stage it."""
    profile = await ask_profile(session.console, profile)
    stage(session, {**profiles_of(session), profile.name: profile})


def stage(session: Session, profiles: Profiles) -> None:
    config = replace(session.staged.config, bounce_profiles=MappingProxyType(dict(profiles)))
    session.staged.stage(config)


OPERATIONS: Mapping[str, Callable[[Session], Awaitable[None]]] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
}
