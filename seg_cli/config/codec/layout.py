"""The shape of the XML configuration file: which element holds which word.

Names and nesting are the appliance's where they are public. The good neighbor table, the SMTP
routes, `certificates` (but for `certificate` and `key`), `dns_min_ttl`, `sign_bounces`,
`delivery` and `rollback_enabled` are the emulator's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

NAME = "<name>"
VALUE = "<value>"
"""Within a row: its own name, and the text of a row that is nothing but one text."""


@dataclass(frozen=True, slots=True)
class Text:
    """An element with text: the path of its word. `unset` says what stands for no word."""

    path: tuple[str, ...]
    unset: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An element with one child per row of the table of words at `path`."""

    path: tuple[str, ...]
    row: str
    fields: "Layout"


@dataclass(frozen=True, slots=True)
class Ranking:
    """An element with one child per row: its text the row's name, an attribute the row's text."""

    path: tuple[str, ...]
    row: str
    attribute: str


Layout = Mapping[str, Union[Text, Table, Ranking, "Layout"]]


def _texts(*keys: str) -> dict[str, Text]:
    return {key: Text((key,)) for key in keys}


LAYOUT: Layout = {
    "hostname": Text(("sethostname", "hostname")),
    "timezone": Text(("settz", "timezone")),
    "interfaces": Table(
        ("interfaceconfig",),
        "interface",
        {"interface_name": Text((NAME,)), **_texts("ip", "netmask", "interface_hostname")},
    ),
    "dns": {
        "local_dns": Ranking(("dnsconfig", "servers"), "dns_ip", "priority"),
        "alt_dns": Table(
            ("dnsconfig", "alternates"),
            "alt_dns_domain",
            {"dns_domain": Text((NAME,)), "nameserver": _texts("nameserver_name", "ip")},
        ),
        "dns_min_ttl": Text(("dnsconfig", "min_ttl")),
        "dns_ptr_timeout": Text(("dnsconfig", "ptr_timeout")),
    },
    "dns_interface": Text(("dnsconfig", "interface"), unset=""),
    "good_neighbor_table": Table(
        ("destconfig",),
        "good_neighbor_entry",
        {
            "domain": Text((NAME,)),
            **_texts("ip_sort_pref", "max_host_concurrency", "max_messages_per_connection"),
            **_texts("recipient_minutes", "recipient_limit", "limit_type", "limit_apply"),
            **_texts("table_tls", "dane", "mta_sts", "bounce_validation", "bounce_profile"),
            **_texts("send_tls_req_alert", "certificate"),
        },
    ),
    "smtp_routes": Table(
        ("smtproutes",),
        "smtp_route",
        {"domain": Text((NAME,)), "destination": Text((VALUE,))},
    ),
    "bounce_profiles": Table(
        ("bounceconfig",),
        "bounce_profile",
        {
            "bounce_profile_name": Text((NAME,)),
            **_texts("max_retries", "max_queue_lifetime", "initial_retry", "max_retry_time"),
            **_texts("send_bounces", "send_warnings", "send_warnings_count"),
            **_texts("send_warnings_interval", "use_dsn_bounce_format"),
            **_texts("alternate_bounce_address", "sign_bounces"),
        },
    ),
    "certificates": {
        "certificate_profiles": Table(
            ("certconfig", "profiles"),
            "certificate_profile",
            {"certificate_name": Text((NAME,)), **_texts("certificate", "key", "intermediates")},
        ),
        "system_list": Text(("certconfig", "system_list")),
        "custom_list": Text(("certconfig", "custom_list")),
        "custom_authorities": Text(("certconfig", "custom_authorities")),
    },
    "proxy_server": Text(("updateconfig", "proxy_server"), unset=""),
    "https_proxy_server": Text(("updateconfig", "https_proxy_server"), unset=""),
    "log_subscriptions": Table(
        ("logconfig",),
        "log_text",
        {
            "name": Text((NAME,)),
            "log_level": Text(("log_level",)),
            "retrieval": {"ftp_poll": _texts("filename", "rolloversize", "rollover_max_files")},
        },
    ),
    "delivery": {"max_concurrency": Text(("deliveryconfig", "max_concurrency"))},
    "rollback_enabled": Text(("rollbackconfig", "enabled")),
}
