"""Every line of mail_logs that a public text shows word for word, beside its event."""

from datetime import UTC, datetime

from seg_cli import events as e
from seg_cli.events import Event
from seg_cli.terms import Dcid, Icid, Mid, Reason, Rid, Security


def rids(*numbers: int) -> tuple[Rid, ...]:
    return tuple(Rid(number) for number in numbers)


SOURCED: list[tuple[Event, str]] = [
    # s2 Injection
    (
        e.InjectionOpened(Icid(3160), "Data Port", "10.10.1.12", "10.10.1.5", "unknown", False),
        (
            "New SMTP ICID 3160 interface Data Port (10.10.1.12) address 10.10.1.5 "
            "reverse dns host unknown verified no"
        ),
    ),
    (
        e.SenderGroupMatched(Icid(824108), "ACCEPT", "ACCEPTLIST", "sbrs[0.0:10.0]", "3.4"),
        "ICID 824108 ACCEPT SG ACCEPTLIST match sbrs[0.0:10.0] SBRS 3.4",
    ),
    (
        e.InjectionTls(Icid(1020089), "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
        "ICID 1020089 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384",
    ),
    (
        e.InjectionTlsFailed(Icid(4), "[Errno 54] Connection reset by peer"),
        "ICID 4 TLS failed: [Errno 54] Connection reset by peer",
    ),
    (e.MessageStarted(Mid(64855), Icid(3160)), "Start MID 64855 ICID 3160"),
    (e.SenderGiven(Mid(4), Icid(3), "me@here.example"), "MID 4 ICID 3 From: <me@here.example>"),
    (e.SenderGiven(Mid(4), Icid(0), ""), "MID 4 ICID 0 From: <>"),
    (
        e.RecipientGiven(Mid(4), Icid(3), Rid(0), "you@there.example"),
        "MID 4 ICID 3 RID 0 To: <you@there.example>",
    ),
    (
        e.MessageIdRead(Mid(14), "20230906131316.23631.70662@esa008.cs18"),
        "MID 14 Message-ID '20230906131316.23631.70662@esa008.cs18'",
    ),
    (e.MessageIdRead(Mid(14), "<it's@x>"), """MID 14 Message-ID "<it's@x>\""""),
    (e.SubjectRead(Mid(14), "Testing"), 'MID 14 Subject "Testing"'),
    (
        e.MessageReady(Mid(4), 126, "me@here.example"),
        "MID 4 ready 126 bytes from <me@here.example>",
    ),
    (
        e.MailPolicyMatched(Mid(4), "DEFAULT", "outbound"),
        "MID 4 matched all recipients for per-recipient policy DEFAULT in the outbound table",
    ),
    (e.MessageQueued(Mid(5411)), "MID 5411 queued for delivery"),
    (
        e.MessageAborted(Mid(24611411), "Dropped by CASE"),
        "Message aborted MID 24611411 Dropped by CASE",
    ),
    (e.AbortedMessageFinished(Mid(4)), "Message finished MID 4 aborted"),
    (e.InjectionLost(Icid(3)), "ICID 3 lost"),
    (e.InjectionClosed(Icid(3)), "ICID 3 close"),
    # s7 DNS
    (e.DnsAsked("_mta-sts.domain.com", "TXT"), "DNS query: Q(_mta-sts.domain.com, 'TXT')"),
    (
        e.DnsServerChosen("_mta-sts.domain.com", "TXT", 0),
        "DNS query: QN(_mta-sts.domain.com, 'TXT', 'recursive_nameserver0.parent')",
    ),
    (
        e.DnsPacketSent("_mta-sts.domain.com", "TXT", "10.10.5.61", 15),
        "DNS query: QIP (_mta-sts.domain.com,'TXT','10.10.5.61',15)",
    ),
    (
        e.DnsEncached(
            name="_mta-sts.domain.com",
            rdtype="TXT",
            expiry_ticks=131794459543073830,
            security=Security.INSECURE,
            records=(("v=STSv1; id=12345678598Z;",),),
        ),
        (
            "DNS encache (_mta-sts.domain.com, TXT, "
            "[(131794459543073830L, 0, 'insecure', ('v=STSv1; id=12345678598Z;',))])"
        ),
    ),
    (
        e.DnsHardFailed("x.example", "MX", Reason.DNS_NXDOMAIN),
        "DNS Hard Error looking up x.example (MX):  NXDomain",
    ),
    (
        e.DnsSoftFailed("x.example", "MX", "10.10.5.61", Reason.TIMED_OUT),
        "DNS Soft Error looking up x.example (MX) while asking 10.10.5.61. Error was: timeout",
    ),
    # s6 MTA-STS
    (
        e.MtaStsTxtFetched("domain.com"),
        "Successfully fetched MTA-STS TXT record for domain(domain.com)",
    ),
    (
        e.MtaStsCachedPolicyFound("domain.com"),
        "Valid cache entry found for the domain (domain.com).",
    ),
    (
        e.MtaStsPolicyApplied("domain.com"),
        "Applying MTA-STS policy for the domain (domain.com)",
    ),
    (
        e.MtaStsPolicyPassed("domain.com"),
        "MTA-STS policy for the domain (domain.com) Successful.",
    ),
    # s3, s4 Connection and TLS
    (
        e.ConnectionOpened(Dcid(834833), "10.1.1.2", "10.1.1.3", 25),
        "New SMTP DCID 834833 interface 10.1.1.2 address 10.1.1.3 port 25",
    ),
    (
        e.ConnectionFailed(
            dcid=Dcid(63),
            domain="domainsample2.com",
            address="10.13.101.31",
            port=25,
            details="[Errno 0] Error",
            interface="10.10.192.50",
            reason="network error",
        ),
        (
            "Connection Error: DCID 63 domain: domainsample2.com IP: 10.13.101.31 port: 25 "
            "details: [Errno 0] Error interface: 10.10.192.50 reason: network error"
        ),
    ),
    (e.StarttlsNotSupported(Dcid(5)), "DCID 5 STARTTLS command not supported."),
    (
        e.TlsFailed(Dcid(80167), "STARTTLS unexpected response"),
        "DCID 80167 TLS failed: STARTTLS unexpected response",
    ),
    (
        e.TlsEstablished(Dcid(30), "TLSv1.2", "ECDHE-RSA-AES256-SHA384", ""),
        "DCID 30 TLS success protocol TLSv1.2 cipher ECDHE-RSA-AES256-SHA384",
    ),
    (
        e.TlsEstablished(
            Dcid(834833),
            "TLSv1.3",
            "TLS_AES_256_GCM_SHA384",
            "subjectAltName:dNSName=*.mail123.domain.com",
        ),
        (
            "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384 "
            "subjectAltName:dNSName=*.mail123.domain.com"
        ),
    ),
    (
        e.TlsVerifyFailed(Dcid(831556), "peer cert does not match domain domain.com"),
        "DCID 831556 TLS deferring: verify error: peer cert does not match domain domain.com",
    ),
    (
        e.TlsRequiredFailed(Dcid(831556)),
        "DCID 831556 TLS was required but could not be successfully negotiated",
    ),
    (e.ConnectionClosed(Dcid(8)), "DCID 8 close"),
    # s3, s8 Delivery
    (
        e.DeliveryStarted(Dcid(834833), Mid(5444), rids(0)),
        "Delivery start DCID 834833 MID 5444 to RID [0]",
    ),
    (
        e.RecipientsDelivered(Dcid(8), Mid(6), rids(0, 1)),
        "Message done DCID 8 MID 6 to RID [0, 1] ",
    ),
    (
        e.ResponseReceived(Mid(24611465), rids(0), "2.0.0 Ok: queued as 3jjSKc6HnKz4GTHJ"),
        "MID 24611465 RID [0] Response '2.0.0 Ok: queued as 3jjSKc6HnKz4GTHJ'",
    ),
    (
        e.DeliveryClientExited(Dcid(8)),
        "Mail delivery client with DCID 8 exited due to the maximum concurrency configuration.",
    ),
    (
        e.DeliveryDoubtful(Dcid(8), Mid(6), rids(0)),
        "Possible Delivery: DCID: 8 MID 6 to [0]",
    ),
    (
        e.RecipientBounced(
            dcid=Dcid(3),
            mid=Mid(4),
            rid=Rid(0),
            status="5.1.0",
            cause="Unknown address error",
            code="550",
            lines=("<george@yourdomain.com>... Relaying denied",),
        ),
        (
            "Bounced: DCID 3 MID 4 to RID 0 - 5.1.0 - Unknown address error "
            "('550', ['<george@yourdomain.com>... Relaying denied']) []"
        ),
    ),
    (
        e.RecipientDelayed(
            dcid=Dcid(5),
            mid=Mid(4),
            rid=Rid(0),
            status="4.1.0",
            cause="Unknown address error",
            code="466",
            lines=("Mailbox temporarily full.",),
        ),
        (
            "Delayed: DCID 5 MID 4 to RID 0 - 4.1.0 - Unknown address error "
            "('466', ['Mailbox temporarily full.'])[]"
        ),
    ),
    (
        e.RetryScheduled(Mid(4), rids(0), datetime(2003, 3, 31, 20, 1, 23, tzinfo=UTC)),
        "MID 4 to RID [0] pending till Mon Mar 31 20:01:23 2003",
    ),
    (e.RecipientsDeleted(Mid(4), rids(0)), "Deleted: MID 4 to [0]"),
    (
        e.DoubleBounced(
            mid=Mid(12222130),
            rid=Rid(0),
            status="5.1.0",
            cause="Unknown address error",
            code="501",
            lines=("5.5.4 Invalid Address",),
        ),
        (
            "Double bounce: MID 12222130 to 0 - 5.1.0 - Unknown address error "
            "501-'5.5.4 Invalid Address'"
        ),
    ),
    (e.BounceGenerated(Mid(8), Mid(4)), "MID 8 was generated for bounce of MID 4"),
    (e.MessageFinished(Mid(5444)), "Message finished MID 5444 done"),
]
