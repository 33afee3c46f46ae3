"""The log: one line an event, as JSON for programs or as text for people, without secrets."""
