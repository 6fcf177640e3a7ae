"""`python -m batchsend` is the command."""

from batchsend.commands import main

if __name__ == "__main__":
    main(prog_name="batchsend")
