"""`python -m vgan.media.guard FD`: the process that children are forked from. The app starts it by itself."""

import sys

from vgan.media.guard.nursery import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]))
