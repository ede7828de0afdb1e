"""What the RFCs say: pure functions over bytes and values, knowing nothing of the appliance.

One file per subject: mta_sts (RFC 8461), certificates and pkix (RFC 5280: one certificate, and
the chain it stands in), identifiers (RFC 6125, the names in them).
"""
