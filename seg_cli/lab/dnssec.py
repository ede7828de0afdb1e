"""The words of a world about DNSSEC: how a zone is signed, what the resolvers make of it."""

from enum import StrEnum


class Dnssec(StrEnum):
    """How a zone is signed; a bogus one does not live up to the DS record in its parent."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    BOGUS_EXPIRED = "bogus-expired"
    BOGUS_DS = "bogus-ds"
    """The digest of the DS record is that of no key of the zone."""

    BOGUS_STRIPPED = "bogus-stripped"
    """Its signatures and denials are lost on the way."""


class Resolving(StrEnum):
    """What the appliance's resolvers do about DNSSEC (RFC 4035 s3.2)."""

    AWARE = "aware"
    """They hand on signatures to who asks for them (DO), and leave it to the asker to validate."""

    VALIDATING = "validating"
    """They validate: AD where the answer is secure, SERVFAIL where it is bogus."""

    UNAWARE = "unaware"
    """They know nothing of DO."""
