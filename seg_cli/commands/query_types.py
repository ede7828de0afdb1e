"""The query types that `dig` and `nslookup` offer in one list."""

from seg_cli.dialogue.questions import Choice, Item

QUERY_TYPES = (
    Item("A        the host's IP address", "A"),
    Item("AAAA     the host's IPv6 address", "AAAA"),
    Item("CNAME    the canonical name for an alias", "CNAME"),
    Item("MX       the mail exchanger", "MX"),
    Item("NS       the name server for the named zone", "NS"),
    Item(
        "PTR      the hostname if the query is an Internet address,\n"
        "            otherwise the pointer to other information",
        "PTR",
    ),
    Item('SOA      the domain\'s "start-of-authority" information', "SOA"),
    Item("TXT      the text information", "TXT"),
)

QUERY_TYPE = Choice("qtype", "Choose the query type:", QUERY_TYPES, default="A")

TYPE_NAMES = frozenset(item.value for item in QUERY_TYPES)
