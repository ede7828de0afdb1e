"""`lab break` and `lab mend`: faults in the running lab, and what hides them from the appliance."""

from collections.abc import Iterable

from seg_cli.errors import Invalid
from seg_cli.lab.faults import FAULTS, Hides, break_domain, mend
from seg_cli.lab.finding import domain_of
from seg_cli.lab.hiding import Onlooker, told
from seg_cli.lab.spec import Breakage, Domain, LabSpec
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.session import Session

NOTHING = "Nothing is broken."


async def break_(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Break one thing about a domain, and say what hides it; without words the faults there are."""
    match words:
        case ():
            await session.console.page(fault_lines())
        case (name, fault):
            spec = break_domain(station.spec, name, fault)
            station.alter(spec)
            domain = domain_of(spec, name)
            what = FAULTS[fault].of(spec, domain)
            hidden = await still_hidden(station, session, domain, FAULTS[fault].hides)
            session.console.say(sentence("Broken", what, hidden))
        case _:
            word = printable(" ".join(words))
            raise Invalid(f"Invalid arguments when processing lab: break {word}")


async def mend_(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Put right what is broken about a domain, or about all of them."""
    if len(words) > 1:
        word = printable(" ".join(words))
        raise Invalid(f"Invalid arguments when processing lab: mend {word}")
    spec = station.spec
    chosen = [domain_of(spec, word) for word in words]
    broken = broken_domains(spec, chosen)
    if not broken:
        session.console.say(f"{chosen[0].name} is not broken." if chosen else NOTHING)
        return
    station.alter(mend(spec, chosen[0] if chosen else None))
    sentences = []
    for domain, faults in broken:
        hides = [kind for fault in faults for kind in FAULTS[fault].hides]
        hidden = await still_hidden(station, session, domain, hides)
        sentences.append(sentence("Mended", f"{domain.name} ({', '.join(faults)})", hidden))
    session.console.say(*sentences)


def broken_domains(spec: LabSpec, chosen: Iterable[Domain]) -> list[tuple[Domain, tuple[str, ...]]]:
    """The domains that are broken, of those chosen or of all, with their faults, each once."""
    domains = tuple(chosen) or spec.domains
    found = [(domain, faults_of(spec.broken, domain)) for domain in domains]
    return [(domain, faults) for domain, faults in found if faults]


def faults_of(broken: Iterable[Breakage], domain: Domain) -> tuple[str, ...]:
    """The faults a domain has, in the order they came."""
    return tuple(dict.fromkeys(one.fault for one in broken if one.domain == domain.name))


async def still_hidden(
    station: Station, session: Session, domain: Domain, hides: Iterable[Hides]
) -> str:
    """What the appliance still goes by instead; empty if nothing hides the change."""
    appliance = session.appliance
    network = await appliance.network()
    now = appliance.clock.now()
    onlooker = Onlooker(network, station.spec, now)
    return told(onlooker.hidden(domain, hides), now, appliance.config.zone)


def sentence(done: str, what: str, hidden: str) -> str:
    """One sentence for the operator: what was done, to what, and why it does not show yet."""
    known = f"still hidden: {hidden}" if hidden else "nothing hides it"
    return f"{done}: {what}; {known}."


def fault_lines() -> list[str]:
    """Every fault with what it breaks, in general words."""
    width = max(map(len, FAULTS))
    general = {"domain": "DOMAIN", "policy_host": "the policy host", "hosts": "the mail hosts"}
    return [
        f"{name.ljust(width)}  {fault.sentence.format(**general)}" for name, fault in FAULTS.items()
    ]
