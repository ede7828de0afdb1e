"""Which programs are asked, and about what."""

from tests.interop import daneverify, deliveries, foreign_zones, openssl, policies, unbound
from tests.interop.agreement import Table, Tool
from tests.interop.processes import ROOT

TABLES = (
    Table(
        "The lab's names",
        "Unbound validates what the lab's name server says, from the lab's trust anchor down, "
        "beside our own validator: status, kind of absence and records. `openssl s_client` judges "
        "each mail host under its own TLSA records and under records made of what it shows, beside "
        "our DANE. Both together follow a domain's secure records to the certificates of its mail "
        "hosts, beside `daneverify`. Two readers of MTA-STS read each domain's record and policy "
        "beside ours, and those of `domain.com` under every fault of DNS, record and policy; they "
        "reach policy hosts through the lab's proxy, and postfix-mta-sts-resolver has its DNS "
        "client replaced, for it knows port 53 only.",
        (
            Tool("Unbound", ("unbound",), unbound.agreements),
            Tool("openssl s_client", ("openssl",), openssl.agreements),
            Tool("Unbound and openssl", ("unbound", "openssl"), daneverify.agreements),
            Tool("postfix-mta-sts-resolver", ("mta-sts-query",), policies.sts_resolver),
            Tool("checkdmarc", ("checkdmarc",), policies.checkdmarc),
        ),
    ),
    Table(
        "Zones of other signers",
        "ldns-signzone and Knot sign, Knot serves, Unbound validates, and so do we: from a root of "
        "their own down, each zone with aliases, wildcards, a DNAME, empty names, a signed and an "
        "unsigned zone below it. `expired`, `wrong-ds` and `stripped` are bogus.",
        (
            Tool(
                "Unbound over Knot",
                ("unbound", "knotd", "keymgr", "ldns-signzone", "ldns-keygen", "ldns-key2ds"),
                foreign_zones.agreements,
            ),
        ),
    ),
    Table(
        "Deliveries",
        "The engine delivers into Postfix under each TLS setting: into one whose certificate is "
        "sound, one whose certificate signed itself, one without STARTTLS (`clear`), and one that "
        "takes no mail without it (`strict`); and, under Preferred, by MTA-STS policies that nginx "
        "serves, and by TLSA records in signed zones. What the engine tells is compared with "
        "Postfix's own `Received` fields and with nginx's log.",
        (Tool("Postfix and nginx", ("postfix", "nginx", ROOT), deliveries.agreements),),
    ),
)
