"""The one kind of error that a person starting the portal is shown."""


class StartError(Exception):
    """The portal cannot start or go on; the message is one line that says why and what to do."""
