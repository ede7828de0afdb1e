"""The connection in hand: what passes from one delivery to the next one to the same domain."""

from seg_cli.delivery.connections import Connection, Connections
from seg_cli.events import DeliveryClientExited


class Hand:
    """Holds one connection or none; in the end it is kept for others, or closed."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.connection: Connection | None = None

    async def drop_if_spent(self, most: int) -> None:
        """Close the connection if it is lost, or has carried as many messages as it may."""
        connection = self.connection
        if connection and not (connection.client.usable and connection.messages < most):
            self.connection = None
            await self._connections.close(connection)

    def release(self) -> None:
        """Leave the connection to whoever needs it next."""
        if self.connection is not None:
            self._connections.park(self.connection)
            self.connection = None

    def give_up(self) -> Connection | None:
        """The connection for somebody else to close, if there is one."""
        connection, self.connection = self.connection, None
        return connection

    def abandon(self) -> None:
        """Close the connection, whatever the host expects next."""
        if self.connection is not None:
            self._connections.begin_to_close(self.connection)
            self.connection = None

    def retire(self) -> None:
        """Close the connection: by the settings that hold now there is one too many."""
        if self.connection is not None:
            self._connections.emit(DeliveryClientExited(self.connection.dcid))
            self.abandon()
