"""A real nginx that serves MTA-STS policies, each under the name of its policy host."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seg_cli.standards.mta_sts import POLICY_PATH
from tests.interop.processes import command, free_port, server

CONFIGURATION: Final = """\
daemon off;
master_process off;
pid {directory}/pid;
error_log {directory}/errors;
events {{ }}
http {{
    log_format hosts "$host $request_uri $status";
    access_log {directory}/access hosts;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    default_type text/plain;
    ssl_certificate {pem};
    ssl_certificate_key {pem};
    server {{
        listen 127.0.0.1:{port} ssl;
        root {directory}/$host;
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running instance."""

    port: int
    directory: Path

    def served(self) -> frozenset[str]:
        """The hosts whose policies it has handed out."""
        lines = (line.split() for line in (self.directory / "access").read_text().splitlines())
        return frozenset(host for host, path, status in lines if (path, status) == WHOLE)


WHOLE: Final = (POLICY_PATH, "200")


@contextmanager
def nginx(directory: Path, pem: Path, policies: Mapping[str, str]) -> Iterator[Nginx]:
    """An instance with these policies, by the names of their hosts, all in one certificate."""
    for host, text in policies.items():
        file = directory / host / POLICY_PATH.removeprefix("/")
        file.parent.mkdir(parents=True)
        file.write_bytes(text.replace("\n", "\r\n").encode())
    port = free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(directory=directory, pem=pem, port=port))
    with server(command("nginx", "-e", directory / "errors", "-c", configuration), port):
        yield Nginx(port, directory)
