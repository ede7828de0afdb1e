"""How a value is spelled in a line of mail_logs: the forms that templates name in braces."""

from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache

from seg_cli import events as e
from seg_cli.events import Event
from seg_cli.logs.header import ctime
from seg_cli.logs.templates import Form
from seg_cli.printable import printable
from seg_cli.terms import Rid


def form_rid_list(event: Event, _zone: tzinfo) -> str:
    """Recipients as a Python list: `[0, 1]`."""
    return _rid_list(getattr(event, "rids", ()))


@lru_cache(maxsize=256)  # most are [0], and every delivery has four
def _rid_list(rids: tuple[Rid, ...]) -> str:
    return str([*rids])


def form_reply(event: Event, _zone: tzinfo) -> str:
    """An SMTP reply as a Python tuple of its code and the list of its lines."""
    assert isinstance(event, e.RecipientBounced | e.RecipientDelayed)
    return repr((event.code, list(event.lines)))


def form_said(event: Event, _zone: tzinfo) -> str:
    """An SMTP reply as double bounces spell it: `501-'5.5.4 Invalid Address'`."""
    assert isinstance(event, e.DoubleBounced)
    said = repr(" ".join(event.lines))
    return said if event.code == "000" else f"{printable(event.code)}-{said}"


def form_encached(event: Event, _zone: tzinfo) -> str:
    """What was kept: the expiry as a Python 2 long, then status and data, a tuple a record."""
    assert isinstance(event, e.DnsEncached)
    head = f"{event.expiry_ticks}L, 0, {event.security.value!r}"
    return "[" + ", ".join(f"({head}, {record!r})" for record in event.records) + "]"


def form_data(event: Event, _zone: tzinfo) -> str:
    """Validated records, or one of NXDOMAIN and NODATA, as a list."""
    assert isinstance(event, e.DnssecAnswered)
    return repr(list(event.records))


def form_yes_no(event: Event, _zone: tzinfo) -> str:
    assert isinstance(event, e.InjectionOpened)
    return "yes" if event.verified else "no"


def form_peer_part(event: Event, _zone: tzinfo) -> str:
    """The verified name, or the domain that DANE secures; nothing at all where no check passed."""
    assert isinstance(event, e.TlsEstablished)
    if event.domain:
        return f" for {printable(event.domain)}"
    return f" {printable(event.peer)}" if event.peer else ""


def form_dane_mode(event: Event, _zone: tzinfo) -> str:
    assert isinstance(event, e.DaneTried)
    return event.mode.name


def form_due_ctime(event: Event, zone: tzinfo) -> str:
    assert isinstance(event, e.RetryScheduled)
    return ctime(event.due, zone)


def form_security_word(event: Event, _zone: tzinfo) -> str:
    assert isinstance(event, e.DaneMxSeen | e.DaneAddressSeen | e.DaneTlsaSeen)
    return event.security.upper()


def form_host_part(event: Event, _zone: tzinfo) -> str:
    """The mail host in parentheses; `BOGUS MX record found` names none."""
    assert isinstance(event, e.DaneMxSeen)
    return f"({printable(event.host)})" if event.host else ""


def form_address_part(event: Event, _zone: tzinfo) -> str:
    """The address in parentheses behind a blank, if there is one."""
    assert isinstance(event, e.DaneAddressSeen)
    return f" ({printable(event.address)})" if event.address else ""


def form_until_ctime(event: Event, zone: tzinfo) -> str:
    assert isinstance(event, e.MtaStsFetchPutOff | e.MtaStsRefreshFailing)
    return ctime(event.until, zone)


FORMS: Mapping[str, Form] = {
    "rid_list": form_rid_list,
    "reply": form_reply,
    "said": form_said,
    "encached": form_encached,
    "data": form_data,
    "yes_no": form_yes_no,
    "peer_part": form_peer_part,
    "dane_mode": form_dane_mode,
    "security_word": form_security_word,
    "host_part": form_host_part,
    "address_part": form_address_part,
    "due_ctime": form_due_ctime,
    "until_ctime": form_until_ctime,
}
