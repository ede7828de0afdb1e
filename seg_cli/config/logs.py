"""Log subscriptions: what is logged, how much of it, and how many files are kept (`logconfig`)."""

from dataclasses import dataclass

from seg_cli.terms import LogLevel


@dataclass(frozen=True, slots=True)
class LogSubscription:
    """One log: its name, the name of its files, its level, their size in bytes and number."""

    name: str = "mail_logs"
    filename: str = "mail"
    level: LogLevel = LogLevel.INFO
    max_size: int = 10_485_760
    max_files: int = 10
