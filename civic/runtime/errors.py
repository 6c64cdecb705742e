"""The one kind of error that a person starting the portal is shown."""


class StartError(Exception):
    """The portal cannot start or go on; the message is one line that says why and what to do."""


def first_line(error: Exception) -> str:
    """What an error of a library says, without the advice that some of them add below."""
    return (str(error).splitlines() or [type(error).__name__])[0]
