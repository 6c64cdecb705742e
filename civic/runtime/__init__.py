"""Starting and ending the portal's processes, with PostgreSQL and Redis embedded where none are given."""
