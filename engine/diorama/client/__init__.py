"""The headless client: what a process can do with graphs and runs, done over HTTP on a server."""
