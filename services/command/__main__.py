"""`python -m services.command` is `doorstroom`."""

from services.command import main

if __name__ == "__main__":
    main()
