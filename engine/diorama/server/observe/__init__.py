"""What a server tells of itself: requests and runs in the log, figures for Prometheus, traces."""
