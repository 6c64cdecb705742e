"""A group's page tells of the cases that the group took part in."""

from centres.group_page import Section, register
from centres.information.queries import cases_of_group

register(Section("information/group_cases.html", cases_of_group))
