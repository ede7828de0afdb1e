"""The appliance's commands, one file (or folder) each, named as the operator types them.

A command is found in COMMANDS, in the order of `help`. Its file is imported when it first runs.
"""

from seg_cli.shell.command import Command, imported

COMMANDS: tuple[Command, ...] = (
    Command(
        "bounceconfig",
        "Configure the behavior of bounces.",
        imported("seg_cli.commands.bounceconfig.menu"),
        changes_config=True,
    ),
    Command(
        "bouncerecipients",
        "Bounce messages from the queue.",
        imported("seg_cli.commands.bouncerecipients"),
        waits=True,
        batch="bouncerecipients host <name>\n"
        "bouncerecipients sender <address>\n"
        "bouncerecipients all",
    ),
    Command(
        "certconfig",
        "Configure security certificates and keys.",
        imported("seg_cli.commands.certconfig.menu"),
        waits=True,
        changes_config=True,
    ),
    Command(
        "clearchanges",
        "Clear configuration changes.",
        imported("seg_cli.commands.clearchanges"),
        aliases=("clear",),
    ),
    Command(
        "commit",
        "Commit changes.",
        imported("seg_cli.commands.commit"),
        batch='commit "comment" [Y|N]\ncommit -y',
    ),
    Command(
        "commitdetail",
        "Display detailed information about the last commit.",
        imported("seg_cli.commands.commitdetail"),
    ),
    Command(
        "daneverify",
        "Verify DANE support for a domain.",
        imported("seg_cli.commands.daneverify"),
        waits=True,
        batch="daneverify <domain>",
    ),
    Command(
        "deleterecipients",
        "Delete messages from the queue.",
        imported("seg_cli.commands.deleterecipients"),
        waits=True,
        batch="deleterecipients host <name>\n"
        "deleterecipients sender <address>\n"
        "deleterecipients all",
    ),
    Command(
        "delivernow",
        "Reschedule messages for immediate delivery.",
        imported("seg_cli.commands.delivernow"),
        waits=True,
        batch="delivernow domain <name>\ndelivernow all",
    ),
    Command(
        "destconfig",
        "Configure Destination Controls.",
        imported("seg_cli.commands.destconfig.menu"),
        changes_config=True,
        batch="destconfig new <profile> [options]\n"
        "destconfig edit <default|profile> [options]\n"
        "destconfig delete <profile>\n"
        "destconfig list\n"
        "destconfig detail <default|profile|all>\n"
        "destconfig clear\n"
        "destconfig import <filename>\n"
        "destconfig export <filename>\n"
        "\n"
        "Options, each name=value:\n"
        "concurrency_limit, max_messages_per_connection\n"
        "recipient_limit_minutes, recipient_limit\n"
        "concurrency_limit_type     host, MXIP\n"
        "concurrency_limit_apply    system, VG\n"
        "use_tls                    off, on, require, on_verify, require_verify,\n"
        "                           require_verify_hosted\n"
        "dane                       none, opportunistic, mandatory\n"
        "mta_sts                    off, on\n"
        "bounce_verification        off, on\n"
        "bounce_profile             default, or the name of a profile\n"
        "ip_sort_pref               PREFER_V6, REQUIRE_V6, PREFER_V4, REQUIRE_V4",
    ),
    Command(
        "dig",
        "Look up a record on a name server.",
        imported("seg_cli.commands.dig"),
        waits=True,
        batch="dig [-s <source_ip>] [-t] [-u] [@<dns_ip>] [qtype] <hostname>\n"
        "dig -x <reverse_ip> [-t] [-u] [@<dns_ip>]\n"
        "\n"
        "qtype: A, AAAA, CNAME, MX, NS, PTR, SOA, TXT,\n"
        "       TLSA, DS, DNSKEY, RRSIG, NSEC, NSEC3",
    ),
    Command(
        "dnsconfig",
        "Configure DNS servers.",
        imported("seg_cli.commands.dnsconfig.menu"),
        changes_config=True,
        batch="dnsconfig parent new <ip> <priority>\n"
        "dnsconfig parent delete <ip>\n"
        "dnsconfig alt new <domains> <ns_name> <ns_ip>\n"
        "dnsconfig alt delete <domain>",
    ),
    Command(
        "dnsflush",
        "Clear all entries from the DNS cache.",
        imported("seg_cli.commands.dnsflush"),
        waits=True,
    ),
    Command(
        "dnsstatus",
        "Display DNS statistics.",
        imported("seg_cli.commands.dnsstatus"),
        waits=True,
    ),
    Command(
        "exit",
        "Exit the command line interface.",
        imported("seg_cli.commands.exit"),
        aliases=("quit",),
    ),
    Command(
        "findevent",
        "Find events in mail log files.",
        imported("seg_cli.commands.findevent"),
        waits=True,
        batch="findevent [-i] [-f from | -s subject | -t to] log_name\nfindevent -m mid log_name",
    ),
    Command(
        "grep",
        "Search for text in a log file.",
        imported("seg_cli.commands.grep"),
        waits=True,
        batch="grep [-C count] [-e regex] [-i] [-p] [-t] [-v] [regex] log_name",
    ),
    Command(
        "hoststatus",
        "Get the status of the given hostname.",
        imported("seg_cli.commands.hoststatus"),
        waits=True,
        batch="hoststatus <host>",
    ),
    Command(
        "logconfig",
        "Configure access to log files.",
        imported("seg_cli.commands.logconfig"),
        changes_config=True,
    ),
    Command(
        "nslookup",
        "Look up an IP address or hostname.",
        imported("seg_cli.commands.nslookup"),
        waits=True,
        batch="nslookup <host> [qtype]",
    ),
    Command(
        "rollbackconfig",
        "Roll back to a previously committed configuration.",
        imported("seg_cli.commands.rollbackconfig"),
        changes_config=True,
    ),
    Command(
        "rollovernow",
        "Roll over a log file.",
        imported("seg_cli.commands.rollovernow"),
        batch="rollovernow log_name",
    ),
    Command(
        "showconfig",
        "Show all configuration values.",
        imported("seg_cli.commands.showconfig"),
        batch="showconfig [1|2|3]",
    ),
    Command(
        "showrecipients",
        "Show messages from the queue by recipient host, Envelope From address, or all messages.",
        imported("seg_cli.commands.showrecipients"),
        waits=True,
        batch="showrecipients host <name>\nshowrecipients sender <address>\nshowrecipients all",
    ),
    Command(
        "smtproutes",
        "Set up permanent domain redirections.",
        imported("seg_cli.commands.smtproutes"),
        changes_config=True,
        batch="smtproutes new <source> <destination> [destination] ...\n"
        "smtproutes edit <source> <destination> [destination] ...\n"
        "smtproutes delete <source> [source] ...\n"
        "smtproutes print\n"
        "smtproutes import <filename>\n"
        "smtproutes export <filename>\n"
        "smtproutes clear",
    ),
    Command(
        "tail",
        "Continuously display the end of a log file.",
        imported("seg_cli.commands.tail"),
        waits=True,
        batch="tail log_name",
    ),
    Command(
        "telnet",
        "Connect to a remote host.",
        imported("seg_cli.commands.telnet"),
        waits=True,
        batch="telnet <host> [port]",
    ),
    Command(
        "tlsverify",
        "Establish an outbound TLS connection and verify the certificate.",
        imported("seg_cli.commands.tlsverify"),
        waits=True,
        batch="tlsverify <domain> <hostname>[:<port>]",
    ),
    Command(
        "tophosts",
        "Display the top hosts by queue size.",
        imported("seg_cli.commands.tophosts"),
        waits=True,
        batch="tophosts [active_rcpts|conn_out|deliv_recips|hard_bounced|soft_bounced]",
    ),
    Command(
        "updateconfig",
        "Configure system update parameters.",
        imported("seg_cli.commands.updateconfig"),
        changes_config=True,
    ),
    Command(
        "version",
        "View system version information.",
        imported("seg_cli.commands.version"),
    ),
    Command(
        "whoami",
        "Display your current user.",
        imported("seg_cli.commands.whoami"),
    ),
)
