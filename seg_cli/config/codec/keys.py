"""The one table of keys: how each field of each area is called outside, and how it is spelt.

Names are those of the INI file and the XML file; `batch` is the name on a `destconfig` batch line.
`dane`, `mta_sts`, `min_ttl`, `sign_bounces`, `max_concurrency` and `enabled` are the emulator's
own: no public text shows what the appliance calls them.
"""

from dataclasses import dataclass
from typing import Any

from seg_cli.config.bounce_profiles import LONGEST, MOST_RETRIES, MOST_WARNINGS
from seg_cli.config.codec.pem import PEM_BUNDLE, PEM_CERTIFICATE, PEM_KEY
from seg_cli.config.codec.spellings import (
    ADDRESS,
    DANE,
    FILE_NAME,
    HOST_NAME,
    IP_SORT,
    LIMIT_APPLY,
    LIMIT_TYPE,
    LOG_LEVEL,
    MTA_STS,
    NAME,
    NOTICE_ADDRESS,
    ON_OFF,
    PROFILE_NAME,
    TLS,
    Spelling,
    checked,
    number,
)
from seg_cli.config.updates import parse_proxy

_ONE_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Key:
    """One field: its name outside, the attribute that holds it, and its spelling."""

    name: str
    attribute: str
    spelling: Spelling[Any]
    batch: str = ""


Keys = tuple[Key, ...]

_SHARED_KEYS: Keys = (
    Key("ip_sort_pref", "ip_sort", IP_SORT, batch="ip_sort_pref"),
    Key("max_host_concurrency", "concurrency", number(1, 1000), batch="concurrency_limit"),
    Key(
        "max_messages_per_connection",
        "messages_per_connection",
        number(1, 1000),
        batch="max_messages_per_connection",
    ),
    Key("recipient_minutes", "recipient_minutes", number(1, 60), batch="recipient_limit_minutes"),
    Key("recipient_limit", "recipient_limit", number(0, 1_000_000_000), batch="recipient_limit"),
    Key("limit_type", "limit_type", LIMIT_TYPE, batch="concurrency_limit_type"),
    Key("limit_apply", "limit_apply", LIMIT_APPLY, batch="concurrency_limit_apply"),
    Key("table_tls", "tls", TLS, batch="use_tls"),
    Key("dane", "dane", DANE, batch="dane"),
    Key("mta_sts", "mta_sts", MTA_STS, batch="mta_sts"),
    Key("bounce_validation", "bounce_validation", ON_OFF, batch="bounce_verification"),
)
DEFAULT_ROW_KEYS: Keys = (
    *_SHARED_KEYS,
    Key("send_tls_req_alert", "tls_alert", ON_OFF),
    Key("certificate", "certificate", NAME),
)
DESTINATION_KEYS: Keys = (
    *_SHARED_KEYS,
    Key("bounce_profile", "bounce_profile", PROFILE_NAME, batch="bounce_profile"),
)
INTERFACE_KEYS: Keys = (
    Key("ip", "address", ADDRESS),
    Key("netmask", "prefix_length", number(0, 128)),
    Key("interface_hostname", "hostname", HOST_NAME),
)
BOUNCE_PROFILE_KEYS: Keys = (
    Key("max_retries", "max_retries", number(0, MOST_RETRIES)),
    Key("max_queue_lifetime", "max_queue_lifetime", number(0, LONGEST)),
    Key("initial_retry", "initial_retry", number(1, LONGEST)),
    Key("max_retry_time", "max_retry_time", number(1, LONGEST)),
    Key("send_bounces", "send_bounces", ON_OFF),
    Key("use_dsn_bounce_format", "dsn_format", ON_OFF),
    Key("send_warnings", "send_warnings", ON_OFF),
    Key("send_warnings_interval", "warnings_interval", number(1, LONGEST)),
    Key("send_warnings_count", "warnings_count", number(1, MOST_WARNINGS)),
    Key("alternate_bounce_address", "alternate_address", NOTICE_ADDRESS),
    Key("sign_bounces", "sign", ON_OFF),
)
LOG_KEYS: Keys = (
    Key("filename", "filename", FILE_NAME),
    Key("log_level", "level", LOG_LEVEL),
    Key("rolloversize", "max_size", number(1024, 1_073_741_824)),
    Key("rollover_max_files", "max_files", number(1, 1000)),
)
DNS_KEYS: Keys = (
    Key("min_ttl", "minimum_ttl", number(0, _ONE_YEAR)),
    Key("ptr_timeout", "ptr_timeout", number(0, 3600)),
    Key("interface", "interface", NAME),
)
ALTERNATE_KEYS: Keys = (
    Key("nameserver_name", "host", HOST_NAME),
    Key("ip", "address", ADDRESS),
)
SERVER_PRIORITY = number(0, 100)
CERTIFICATE_PROFILE_KEYS: Keys = (
    Key("certificate", "certificate", PEM_CERTIFICATE),
    Key("key", "key", PEM_KEY),
    Key("intermediates", "intermediates", PEM_BUNDLE),
)
AUTHORITY_KEYS: Keys = (
    Key("system_list", "system_list", ON_OFF),
    Key("custom_list", "custom_list", ON_OFF),
    Key("custom_authorities", "custom_authorities", PEM_BUNDLE),
)
UPDATE_KEYS: Keys = (
    Key("proxy_server", "http_proxy", checked(parse_proxy)),
    Key("https_proxy_server", "https_proxy", checked(parse_proxy)),
)
DELIVERY_KEYS: Keys = (Key("max_concurrency", "max_concurrency", number(1, 10_000)),)
ROLLBACK_KEYS: Keys = (Key("enabled", "enabled", ON_OFF),)
