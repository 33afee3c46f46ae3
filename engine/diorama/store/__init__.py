"""What outlives the process: blobs by digest, the call cache, the record of runs."""
