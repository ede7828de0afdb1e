"""The errors a person can cause, and the two ways a person leaves a dialogue.

    SegError
    ├── UserError              a sentence for the operator; never a traceback
    │   ├── Invalid            an answer a question cannot take; the question is asked again
    │   ├── MissingAnswer      a batch line that leaves a mandatory question open
    │   ├── CommitConflict     another session changed the same area (config/changes.py)
    │   ├── BadFile            a file that cannot be read as what it should be
    │   ├── NotRecorded        the disk does not take a step of the queue
    │   └── ApplianceBusy      the appliance directory belongs to a running process
    ├── Interrupted            Ctrl-C at a question or in a command
    └── EndOfInput             Ctrl-D, a closed pipe or a closed connection
        ├── OutputLost         nobody reads any more what is printed
        └── SessionExpired     nobody has answered a prompt for half an hour

Failure of the network is a value (policy/facts.py), never one of these.
"""


class SegError(Exception):
    """Any error this program raises on purpose."""


class UserError(SegError):
    """The operator's mistake; `str()` is the sentence to print."""


class Invalid(UserError):
    """An answer that a question cannot take; the console prints it and asks again."""


class MissingAnswer(UserError):
    """A batch line that says nothing about a mandatory question."""


class BadFile(UserError):
    """A file that is not what it should be; nothing was changed."""


class NotRecorded(UserError):
    """The disk does not take a step of the queue; nothing of it is recorded."""


class ApplianceBusy(UserError):
    """Another process owns the appliance directory."""


class Interrupted(SegError):
    """Ctrl-C: the command ends, its unfinished answers are lost, nothing was staged."""


class EndOfInput(SegError):
    """There is no more input: the login ends."""


class OutputLost(EndOfInput):
    """What is printed reaches nobody any more: the login ends as it does without input."""


class SessionExpired(EndOfInput):
    """Nobody has answered for too long: the login ends, and nobody is asked about its changes."""
