"""The server: HTTP, WebSocket and server-sent events over the service."""
