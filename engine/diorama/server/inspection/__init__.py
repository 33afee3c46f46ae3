"""Files that came in are opened in a process of their own, bounded in memory and time, and never in the server's."""
