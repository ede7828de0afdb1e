"""Rules across fields, checked before a commit: each problem is a sentence for the operator."""

from collections.abc import Iterable, Iterator

from seg_cli.config.bounce_profiles import DEFAULT_PROFILE
from seg_cli.config.certificates import DEMO, is_demo
from seg_cli.config.tree import Config

MOST_SHOWN = 20


def check_config(config: Config) -> tuple[str, ...]:
    """What is wrong with a configuration as a whole; empty when it can be committed."""
    return (
        *_missing_bounce_profiles(config),
        *_waits_that_shrink(config),
        *_missing_certificate(config),
        *_limits_without_minutes(config),
        *_demo_twice(config),
        *_missing_dns_interface(config),
        *_repeated("IP interface", (interface.name for interface in config.interfaces)),
        *_repeated("DNS server", (server.address for server in config.dns.servers)),
        *_repeated("log subscription", (log.name for log in config.log_subscriptions)),
    )


def as_sentences(problems: tuple[str, ...]) -> str:
    """The problems as they are printed, a line each; of a great many the first ones."""
    shown, hidden = problems[:MOST_SHOWN], len(problems) - MOST_SHOWN
    more = (f"There are {hidden} more problems.",) if hidden > 0 else ()
    return "\n".join((*shown, *more))


def _missing_bounce_profiles(config: Config) -> Iterator[str]:
    if DEFAULT_PROFILE not in config.bounce_profiles:
        yield f'The bounce profile "{DEFAULT_PROFILE}" is missing.'
    for entry in config.destinations.entries.values():
        profile = entry.bounce_profile
        if profile is not None and profile not in config.bounce_profiles:
            yield (
                f'The destination control "{entry.domain}" uses the bounce profile "{profile}", '
                "which does not exist."
            )


def _waits_that_shrink(config: Config) -> Iterator[str]:
    for name, profile in config.bounce_profiles.items():
        if profile.max_retry_time < profile.initial_retry:
            yield f'The longest wait of the bounce profile "{name}" is shorter than its first.'


def _missing_certificate(config: Config) -> Iterator[str]:
    certificate = config.destinations.default.certificate
    if certificate not in config.certificates.names:
        yield f'The certificate "{certificate}" for outbound TLS does not exist.'


def _limits_without_minutes(config: Config) -> Iterator[str]:
    for entry in config.destinations.entries.values():
        if entry.recipient_limit is not None and entry.recipient_minutes is None:
            yield (
                f'The destination control "{entry.domain}" limits recipients '
                "but does not say in how many minutes."
            )


def _demo_twice(config: Config) -> Iterator[str]:
    if any(is_demo(name) for name in config.certificates.profiles):
        yield f'"{DEMO}" is the name of the certificate that is always there.'


def _missing_dns_interface(config: Config) -> Iterator[str]:
    interface = config.dns.interface
    if interface is not None and interface not in {known.name for known in config.interfaces}:
        yield f'The IP interface "{interface}" for DNS traffic does not exist.'


def _repeated(kind: str, names: Iterable[str]) -> Iterator[str]:
    seen = set[str]()
    for name in names:
        if name in seen:
            yield f'There is more than one {kind} "{name}".'
        seen.add(name)
