"""The questions about TLS, DANE and MTA STS, asked of an entry and of the default row.

MTA STS and DANE can only be configured with TLS settings 2 to 6 (AOS-29).
"""

from dataclasses import replace

from seg_cli.config.destinations import DestinationControl, DestinationSettings
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.terms import DaneMode, MtaStsSupport, TlsMode

TLS_MENU = (
    Item("No", TlsMode.NO, "off"),
    Item("Preferred", TlsMode.PREFERRED, "on"),
    Item("Required", TlsMode.REQUIRED, "require"),
    Item("Preferred - Verify", TlsMode.PREFERRED_VERIFY, "on_verify"),
    Item("Required - Verify", TlsMode.REQUIRED_VERIFY, "require_verify"),
    Item(
        "Required - Verify Hosted Domains",
        TlsMode.REQUIRED_VERIFY_HOSTED,
        "require_verify_hosted",
    ),
)
DANE_MENU = (
    Item("None", DaneMode.NONE, "none"),
    Item("Opportunistic", DaneMode.OPPORTUNISTIC, "opportunistic"),
    Item("Mandatory", DaneMode.MANDATORY, "mandatory"),
)
MTA_STS_MENU = (Item("Off", MtaStsSupport.OFF, "off"), Item("On", MtaStsSupport.ON, "on"))

CERTIFICATE_NOTICE = (
    "You have chosen to enable TLS. Please use the 'certconfig' command to",
    "ensure that there is a valid certificate configured.",
)
ROUTES_NOTICE = "MTA STS is not enforced for the domains that have SMTP Routes configured."


async def ask_tls(
    console: Console, entry: DestinationControl, default: DestinationSettings
) -> DestinationControl:
    """The entry with its TLS, DANE and MTA STS settings as answered; none of them at "Default"
    unless the operator leaves it there."""
    guard = YesNo(
        "apply_tls",
        "Do you wish to apply a specific TLS setting for this domain?",
        default=entry.tls is not None,
        opens=("use_tls", "dane", "mta_sts"),
    )
    if not await console.ask(guard):
        return replace(entry, tls=None, dane=None, mta_sts=None)
    tls = await ask_tls_mode(console, entry.tls or default.tls)
    if tls is TlsMode.NO:
        return replace(entry, tls=tls, dane=None, mta_sts=None)
    entry = await ask_dane(console, replace(entry, tls=tls))
    return await ask_mta_sts(console, entry)


async def ask_tls_mode(console: Console, current: TlsMode) -> TlsMode:
    """One of the six TLS settings; whoever chooses TLS is reminded of the certificate."""
    tls = await console.ask(
        Choice("use_tls", "Do you want to use TLS support?", TLS_MENU, default=current)
    )
    if tls is not TlsMode.NO:
        console.remark(*CERTIFICATE_NOTICE)
    return tls


async def ask_dane(console: Console, entry: DestinationControl) -> DestinationControl:
    """The entry with its DANE support as answered."""
    guard = YesNo(
        "apply_dane",
        "Do you wish to configure DANE Support?",
        default=entry.dane is not None,
        opens=("dane",),
    )
    if not await console.ask(guard):
        return replace(entry, dane=None)
    question = Choice(
        "dane", "Please choose a DANE option:", DANE_MENU, default=entry.dane or DaneMode.NONE
    )
    return replace(entry, dane=await console.ask(question))


async def ask_mta_sts(console: Console, entry: DestinationControl) -> DestinationControl:
    """The entry with its MTA STS support as answered."""
    guard = YesNo(
        "apply_mta_sts",
        "Do you wish to configure MTA STS Support?",
        default=entry.mta_sts is not None,
        opens=("mta_sts",),
    )
    if not await console.ask(guard):
        return replace(entry, mta_sts=None)
    support = await ask_mta_sts_support(console, entry.mta_sts or MtaStsSupport.OFF)
    return replace(entry, mta_sts=support)


async def ask_mta_sts_support(console: Console, current: MtaStsSupport) -> MtaStsSupport:
    """Off or On; whoever switches it on is told about SMTP routes (AOS-28)."""
    question = Choice(
        "mta_sts", "Do you want to use MTA STS Support?", MTA_STS_MENU, default=current
    )
    support = await console.ask(question)
    if support is MtaStsSupport.ON:
        console.remark(ROUTES_NOTICE)
    return support
