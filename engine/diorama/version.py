"""The version of Diorama; the build reads it here."""

VERSION = "0.1.0"
