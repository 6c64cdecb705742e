"""The volunteer guild: who offers help, and who asks for it."""

from matching.models.guild import Guild
from matching.models.help_request import HelpRequest, RequestStatus
from matching.models.supporter import Supporter, SupporterField

__all__ = ["Guild", "HelpRequest", "RequestStatus", "Supporter", "SupporterField"]
