"""`python -m diorama`: the command line where its script is not on the path."""

from diorama.cli import main

main(prog_name="diorama")
