"""`make check-release`: is a commit fit to be given to strangers? Each check is a file; `checks.CHECKS` lists them."""
