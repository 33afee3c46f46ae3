"""Music, ambience, footsteps and their mix."""
